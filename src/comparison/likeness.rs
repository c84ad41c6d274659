//! How much two sentences have in common, by their pairs of neighbouring units: a pair weighs the more, the fewer
//! sentences of both reports have it, so that 推进 and 加强 hardly count and 养蜂 does.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::LazyLock;

use super::pieces::Text;
use crate::wording::compare::Unit;

/// A sentence's pairs, and what they weigh together, each taken once.
#[derive(Debug, Default)]
pub struct Pairs {
    /// As they stand: one for each two neighbouring units.
    sequence: Vec<u32>,
    /// Each once, ascending.
    pairs: Vec<u32>,
    /// What all weigh.
    pub weight: f32,
}

/// The pairs of two reports' sentences.
pub struct Likeness {
    /// Those of the first report's.
    pub a: Vec<Pairs>,
    /// Those of the second's.
    pub b: Vec<Pairs>,
    weights: Vec<f32>,
}

/// Most sentences that one is compared with. More have the same only where a text repeats itself over and over.
const MOST_EDGES: usize = 300;

/// Two sentences with something in common.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Edge {
    /// The first report's.
    pub a: usize,
    /// The second's.
    pub b: usize,
    /// What the pairs in common weigh.
    pub common: f32,
    /// From 0 to 1: the mean of the share of both and the share of the smaller, as `√(dice · cover)`.
    pub score: f32,
}

/// How often units and pairs of units occur.
#[derive(Default)]
struct Frequencies {
    sentences: f32,
    units: HashMap<u32, f32>,
    total: f32,
    pairs: HashMap<u32, Frequency>,
}

/// How often a pair occurs.
struct Frequency {
    sentences: f32,
    total: f32,
    symbols: (u32, u32),
}

/// From how many times more often than by chance on a pair belongs together, as a logarithm.
const COHESIVE: f32 = 3.0;

/// What a pair weighs at least that occurs no more often than by chance, or says nothing of what is spoken of.
const LOOSE: f32 = 0.1;

/// Words of reports that say how something is done, and not what.
const GENERIC: [&str; 92] = [
    "加强", "推进", "推动", "深化", "深入", "落实", "贯彻", "实施", "完善", "健全", "扩大", "稳步", "全面", "积极",
    "严格", "有效", "加快", "加大", "大力", "扎实", "持续", "坚持", "坚决", "促进", "提高", "提升", "优化", "强化",
    "制定", "建立", "出台", "支持", "建设", "发展", "重大", "重点", "领域", "一批", "方面", "进一", "一步", "继续",
    "切实", "着力", "统筹", "巩固", "拓展", "培育", "打造", "构建", "力度", "水平", "能力", "体系", "机制", "制度",
    "政策", "措施", "工作", "任务", "部署", "确保", "保障", "引导", "鼓励", "规范", "改善", "增强", "充分", "发挥",
    "作用", "努力", "稳定", "开展", "做好", "抓好", "等方", "我们", "更加", "不断", "突出", "问题", "行动", "计划",
    "大局", "特色", "项目", "目标", "要求", "精神", "会议", "情况",
];

static GENERIC_PAIRS: LazyLock<HashSet<(u32, u32)>> = LazyLock::new(|| {
    let symbols = |word: &&str| {
        let mut chars = word.chars().map(u32::from);
        Some((chars.next()?, chars.next()?))
    };
    GENERIC.iter().filter_map(symbols).collect()
});

impl Frequencies {
    fn add(&mut self, units: &[Unit], of_sentence: &Pairs) {
        self.sentences += 1.0;
        self.total += units.len() as f32;
        for unit in units {
            *self.units.entry(unit.symbol).or_default() += 1.0;
        }
        for (&pair, both) in of_sentence.sequence.iter().zip(units.windows(2)) {
            let symbols = (both[0].symbol, both[1].symbol);
            self.pairs.entry(pair).or_insert(Frequency { sentences: 0.0, total: 0.0, symbols }).total += 1.0;
        }
        for pair in &of_sentence.pairs {
            if let Some(frequency) = self.pairs.get_mut(pair) {
                frequency.sentences += 1.0;
            }
        }
    }

    /// In how many sentences a pair occurs, and how far it belongs together, from [`LOOSE`] to 1: the end of one
    /// word and the beginning of the next stand beside each other by chance. By mutual information (Church and Hanks
    /// 1990).
    fn of(&self, pair: u32) -> (f32, f32) {
        let Some(Frequency { sentences, total, symbols }) = self.pairs.get(&pair) else { return (1.0, 1.0) };
        // A value is no word, and what stands beside it is 增长 and 达到.
        let is_beside_value = symbols.0.max(symbols.1) > u32::from(char::MAX);
        if is_beside_value || GENERIC_PAIRS.contains(symbols) {
            return (*sentences, LOOSE);
        }
        let by_chance = self.units[&symbols.0] * self.units[&symbols.1] / self.total;
        (*sentences, ((total / by_chance).ln() / COHESIVE).clamp(LOOSE, 1.0))
    }
}

impl Likeness {
    /// The pairs of two reports' sentences, weighed by how they occur in some texts: these, or the whole reports
    /// whose parts they are.
    pub fn of(a: &Text, b: &Text, whole: [&Text; 2]) -> Likeness {
        let mut numbers: HashMap<u64, u32> = HashMap::new();
        let mut read = |text: &Text, number: usize| -> Pairs {
            let mut number_of = |key: u64| {
                let next = numbers.len() as u32;
                *numbers.entry(key).or_insert(next)
            };
            let sequence: Vec<u32> = keys(text.units(number)).into_iter().map(&mut number_of).collect();
            let mut pairs = sequence.clone();
            pairs.sort_unstable();
            pairs.dedup();
            Pairs { sequence, pairs, weight: 0.0 }
        };
        let mut frequencies = Frequencies::default();
        for text in whole {
            for number in 0..text.pieces.len() {
                frequencies.add(text.units(number), &read(text, number));
            }
        }
        let mut read_all =
            |text: &Text| -> Vec<Pairs> { (0..text.pieces.len()).map(|number| read(text, number)).collect() };
        let (mut a, mut b) = (read_all(a), read_all(b));
        let total = frequencies.sentences;
        // A pair that both have, each in one sentence, weighs 1.
        let rarity = |count: f32| (1.0 + total / count).ln();
        let weight = |pair: u32| {
            let (of_pair, cohesion) = frequencies.of(pair);
            (rarity(of_pair) / rarity(2.0)).powf(SHARPNESS) * cohesion
        };
        let weights: Vec<f32> = (0..numbers.len() as u32).map(weight).collect();
        for of_piece in a.iter_mut().chain(&mut b) {
            of_piece.weight = of_piece.pairs.iter().map(|&pair| weights[pair as usize]).sum();
        }
        Likeness { a, b, weights }
    }

    /// Pairs of sentences, one of each report, for which `is_wanted`; for each of the first report at most
    /// [`MOST_EDGES`], those with the best scores and, among equals, that stand as far behind.
    pub fn edges(&self, is_wanted: impl Fn(&Edge) -> bool) -> Vec<Edge> {
        let mut holders: Vec<Vec<u32>> = vec![Vec::new(); self.weights.len()];
        for (number, of_piece) in (0..).zip(&self.b) {
            for &pair in &of_piece.pairs {
                holders[pair as usize].push(number);
            }
        }
        let mut edges = Vec::new();
        let mut common = vec![0.0; self.b.len()];
        let mut touched: Vec<u32> = Vec::new();
        for (a, of_a) in self.a.iter().enumerate() {
            for &pair in &of_a.pairs {
                for &b in &holders[pair as usize] {
                    if common[b as usize] == 0.0 {
                        touched.push(b);
                    }
                    common[b as usize] += self.weights[pair as usize];
                }
            }
            touched.sort_unstable();
            let first = edges.len();
            for b in touched.drain(..).map(|b| b as usize) {
                let common = std::mem::take(&mut common[b]);
                let score = score(common, of_a.weight, self.b[b].weight);
                let edge = Edge { a, b, common, score };
                if is_wanted(&edge) {
                    edges.push(edge);
                }
            }
            if edges.len() - first > MOST_EDGES {
                let behind = a as f32 * self.b.len() as f32 / self.a.len() as f32;
                let distance = |edge: &Edge| (edge.b as f32 - behind).abs();
                let of_sentence = &mut edges[first..];
                of_sentence.sort_by(|x, y| y.score.total_cmp(&x.score).then(distance(x).total_cmp(&distance(y))));
                edges.truncate(first + MOST_EDGES);
                edges[first..].sort_by_key(|edge| edge.b);
            }
        }
        edges
    }

    /// The pairs of several sentences, each once.
    pub fn united(&self, sentences: &[&Pairs]) -> Pairs {
        let mut pairs: Vec<u32> = sentences.iter().flat_map(|sentence| sentence.pairs.iter().copied()).collect();
        pairs.sort_unstable();
        pairs.dedup();
        let weight = pairs.iter().map(|&pair| self.weights[pair as usize]).sum();
        Pairs { sequence: Vec::new(), pairs, weight }
    }

    /// The weighed share of pairs that two sets have in common.
    pub fn dice(&self, a: &Pairs, b: &Pairs) -> f32 {
        2.0 * self.common_without(a, &[b], &[]) / (a.weight + b.weight).max(f32::MIN_POSITIVE)
    }

    /// What the pairs weigh that stand in `pairs` and in one of `others`, but in none of `without`.
    pub fn common_without(&self, pairs: &Pairs, others: &[&Pairs], without: &[&Pairs]) -> f32 {
        let held = |pair: u32, by: &[&Pairs]| by.iter().any(|other| other.pairs.binary_search(&pair).is_ok());
        let is_common = |&&pair: &&u32| held(pair, others) && !held(pair, without);
        pairs.pairs.iter().filter(is_common).map(|&pair| self.weights[pair as usize]).sum()
    }
}

/// How much rare pairs outweigh common ones.
const SHARPNESS: f32 = 2.0;

/// What every sentence is taken to have that the other lacks: so that a short one needs more in common than a part of
/// one expression.
const DAMPING: f32 = 0.5;

fn score(common: f32, a: f32, b: f32) -> f32 {
    if common >= a.max(b) {
        return 1.0;
    }
    let (a, b) = (a + DAMPING, b + DAMPING);
    let (dice, cover) = (2.0 * common / (a + b), common / a.min(b));
    (dice * cover).sqrt().min(1.0)
}

/// Keys of the pairs of units; of the units, where there is but one.
fn keys(units: &[Unit]) -> Vec<u64> {
    let key = |a: u32, b: u32| u64::from(a) << 32 | u64::from(b);
    match units {
        [one] => vec![key(one.symbol, 0)],
        units => units.windows(2).map(|pair| key(pair[0].symbol, pair[1].symbol)).collect(),
    }
}

/// A run of units that two sentences have in common.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Run {
    /// Its first unit in the first sentence.
    pub start: usize,
    /// Its units.
    pub length: usize,
    /// What its pairs weigh.
    pub weight: f32,
}

impl Likeness {
    /// What the pairs of some units of the first report's sentence weigh.
    pub fn weight(&self, a: usize, units: &Range<usize>) -> f32 {
        self.pairs_in(a, units).iter().map(|&pair| self.weights[pair as usize]).sum()
    }

    /// The weighed share of these that stand in one of the second report's sentences.
    pub fn share(&self, a: usize, units: &Range<usize>, b: &[usize]) -> f32 {
        let pairs = self.pairs_in(a, units).iter();
        let held = pairs.filter(|pair| b.iter().any(|&b| self.b[b].pairs.binary_search(pair).is_ok()));
        let held: f32 = held.map(|&pair| self.weights[pair as usize]).sum();
        held / self.weight(a, units).max(f32::MIN_POSITIVE)
    }

    /// The pairs of some units, as they stand.
    fn pairs_in(&self, a: usize, units: &Range<usize>) -> &[u32] {
        let sequence = &self.a[a].sequence;
        let end = units.end.saturating_sub(1).clamp(0, sequence.len());
        &sequence[units.start.min(end)..end]
    }

    /// The runs of at least three units that two sentences have in common, heaviest first; they do not overlap in
    /// the first one.
    pub fn runs(&self, a: usize, b: usize) -> Vec<Run> {
        let (of_a, of_b) = (&self.a[a].sequence, &self.b[b].sequence);
        let mut runs: Vec<Run> = Vec::new();
        let mut lengths = vec![0; of_b.len() + 1];
        for i in 0..of_a.len() {
            // From the right, so that the row before is still there.
            for j in (0..of_b.len()).rev() {
                lengths[j + 1] = if of_a[i] == of_b[j] { lengths[j] + 1 } else { 0 };
                let goes_on = of_a.get(i + 1).is_some_and(|next| of_b.get(j + 1) == Some(next));
                if lengths[j + 1] >= 2 && !goes_on {
                    let pairs = lengths[j + 1];
                    let start = i + 1 - pairs;
                    let weight = of_a[start..=i].iter().map(|&pair| self.weights[pair as usize]).sum();
                    runs.push(Run { start, length: pairs + 1, weight });
                }
            }
        }
        runs.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.start.cmp(&b.start)));
        let mut apart: Vec<Run> = Vec::new();
        for run in runs {
            let overlaps = |other: &Run| run.start < other.start + other.length && other.start < run.start + run.length;
            if !apart.iter().any(overlaps) {
                apart.push(run);
            }
        }
        apart
    }
}
