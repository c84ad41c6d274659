#!/usr/bin/env python3
"""The query language against a scan: every operator, field and class of equivalence.

    python3 queries.py YINDE INDEX VARIANTS

Each row of QUERIES is a query as a person types it and, independently of the program, what it means: a
function over the passages that `yinde dump` prints (their `matching` forms, texts and metadata). The number
of passages that `yinde search --count --json` answers has to equal the number the function accepts, as has
the literal number where the row gives one. Sentences, items and sections are cut here by their own rules.
Standard library only. Exit code 1 on any difference; prints a table.
"""

import json
import re
import subprocess
import sys
from collections import defaultdict

import matching_form

# The character table of the matching form; filled at the start.
TABLE = {}
HAN = "〇○零一二三四五六七八九十百千万亿两"
SENTENCE_END = r"[。！？!?｡\t]|．(?![0-9０-９])"


def has(*strings):
    return lambda p: all(s in p["matching"] for s in strings)


def matches(pattern):
    compiled = re.compile(pattern)
    return lambda p: compiled.search(p["matching"]) is not None


def in_text(pattern):
    compiled = re.compile(pattern)
    return lambda p: compiled.search(p["text"]) is not None


def both(a, b):
    return lambda p: a(p) and b(p)


def either(a, b):
    return lambda p: a(p) or b(p)


def but_not(a, b):
    return lambda p: a(p) and not b(p)


def field(name, test):
    return lambda p: p[name] is not None and test(p[name])


def sentence(test):
    """Some sentence whose matching form, by the second implementation, passes the test."""
    return lambda p: any(test(form) for form in parts_of(p, "sentences", lambda text: re.split(SENTENCE_END, text)))


def in_sentence(pattern):
    compiled = re.compile(pattern)
    return sentence(lambda form: compiled.search(form) is not None)


def all_in_sentence(*strings):
    return sentence(lambda form: all(s in form for s in strings))


def parts_of(p, name, cut):
    """The matching forms of a passage's parts; made once."""
    if name not in p:
        p[name] = [matching_form.matching_form(part, TABLE) for part in cut(p["text"])]
    return p[name]


ENUMERATOR = re.compile(
    r"(?:(?<=[。！？!?，,；;：:、\t])|^)[\s“]*"
    r"(?=——|第[一二三四五六七八九十]{1,3}[，,、：]|[（(][一二三四五六七八九十]{1,3}[）)]|[（(]\d{1,3}[）)]"
    r"|\d{1,2}[.．、](?!\d)|[一二三四五六七八九十]{1,2}[是要])|(?=[①-⑳㈠-㈩⑴-⒇])")


def cut_at_items(text):
    starts = sorted({m.end() for m in ENUMERATOR.finditer(text)} | {0})
    return [text[start:end] for start, end in zip(starts, starts[1:] + [len(text)])]


def item(*strings):
    return lambda p: any(all(s in form for s in strings) for form in parts_of(p, "items", cut_at_items))


def grouped(key, wanted, positive, absent=()):
    """Passages that hold one of `positive`, in groups that hold all of `wanted` and none of `absent`."""
    def accepts(p, groups):
        forms = groups[key]
        for g in keys_of(key, p):
            whole = forms.get(g, "")
            if all(s in whole for s in wanted) and not any(s in whole for s in absent):
                return any(s in p["matching"] for s in positive)
        return False
    accepts.needs_groups = True
    return accepts


def keys_of(key, p):
    if key == "report":
        return [p["report"]]
    # The section a passage stands in; a heading stands in its own, too.
    keys = [(p["report"],) + p["above"]]
    if p["role"] == "heading":
        keys.append((p["report"],) + p["own"])
    return keys


def near(a, b, n):
    a, b = re.escape(a), re.escape(b)
    return matches("%s.{0,%d}%s|%s.{0,%d}%s" % (a, n, b, b, n, a))


def near_all(strings, n):
    """By brute force: a place of its own for each string, neighbours not overlapping and at most n apart."""
    def accepts(p):
        form = p["matching"]
        if not all(s in form for s in strings):
            return False
        starts = {s: [m.start() for m in re.finditer("(?=%s)" % re.escape(s), form)] for s in set(strings)}

        def reaches(end, left):
            if not left:
                return True
            return any(
                reaches(at + len(s), left[:i] + left[i + 1:])
                for i, s in enumerate(left) for at in starts[s]
                if end is None or end <= at <= end + n)
        return reaches(None, list(strings))
    return accepts


def year(low, high):
    return field("year", lambda y: low <= y <= high)


# query, what it means, and where it differs what it means literally
QUERIES = [
    # Strings, spaces, marks, pasted text
    ("乡村振兴", has("乡村振兴"), None),
    ("改革 开放", has("改革", "开放"), None),
    ("改革 AND 开放", has("改革", "开放"), None),
    ("“改革” 「开放」", has("改革", "开放"), None),
    ("发展,推动", has("发展。推动"), None),
    ('"发展，"', has("发展。"), None),
    ("发展，", has("发展"), None),
    ("“一带一路”建设", has("一带一路建设"), None),
    ("《政府工作报告》", has("政府工作报告"), None),
    ("１+１＋Ｎ", has("1+1+n"), None),
    ("5.5%左右", has("5.5%左右"), None),
    ("互联网+", has("互联网+"), None),
    ("(一)", has("一"), None),
    ("底蘊", has("底蕴"), None),
    ("ＧＤＰ", has("gdp"), None),
    ("十", has("十"), None),
    # Boolean
    ("乡村振兴 OR 脱贫攻坚", either(has("乡村振兴"), has("脱贫攻坚")), None),
    ("乡村振兴|脱贫攻坚|共同富裕", either(either(has("乡村振兴"), has("脱贫攻坚")), has("共同富裕")), None),
    ("改革 -开放", but_not(has("改革"), has("开放")), None),
    ("改革 NOT 开放", but_not(has("改革"), has("开放")), None),
    ("(乡村振兴 | 脱贫攻坚) 产业", both(either(has("乡村振兴"), has("脱贫攻坚")), has("产业")), None),
    ("产业 -(乡村振兴 | 脱贫)", but_not(has("产业"), either(has("乡村振兴"), has("脱贫"))), None),
    ("产业^2 创新", has("产业", "创新"), None),
    ("乡村振兴 | 产业 创新", either(has("乡村振兴"), has("产业", "创新")), None),
    # Proximity, sequence, wildcards
    ('"改革 开放"~0', near("改革", "开放", 0), None),
    ('"改革 创新"~5', near("改革", "创新", 5), None),
    ('"科技 自立"~20', near("科技", "自立", 20), None),
    ('"发展 工作 生产"~20', near_all(["发展", "工作", "生产"], 20), None),
    ('"农业 改革 政府"~12', near_all(["农业", "改革", "政府"], 12), None),
    ('"改革 改革"~5', near_all(["改革", "改革"], 5), None),
    ("以*为抓手", in_sentence("以.*为抓手"), None),
    ("从*到*转变", in_sentence("从.*到.*转变"), None),
    ("坚持 ... 方针", in_sentence("坚持.*方针"), None),
    ("加快*步伐", in_sentence("加快.*步伐"), None),
    ("人?政协", in_sentence("人.政协"), None),
    ("全面??社会", in_sentence("全面..社会"), None),
    # Units
    ("SENTENCE(改革 开放 发展)", all_in_sentence("改革", "开放", "发展"), None),
    ("同句(就业 收入)", all_in_sentence("就业", "收入"), None),
    ("同句（教育 -医疗）", sentence(lambda form: "教育" in form and "医疗" not in form), None),
    ("同句(教育 | -医疗)", sentence(lambda form: "教育" in form or "医疗" not in form), None),
    ("ITEM(改革 农村)", item("改革", "农村"), None),
    ("PARAGRAPH(改革 农村)", has("改革", "农村"), None),
    ("SECTION(粮食 钢铁)", grouped("section", ["粮食", "钢铁"], ["粮食", "钢铁"]), None),
    ("REPORT(核电 高铁)", grouped("report", ["核电", "高铁"], ["核电", "高铁"]), None),
    ("同篇(改革 -乡镇)", grouped("report", ["改革"], ["改革"], ["乡镇"]), None),
    # Regular expressions
    ("/增长\\d+(\\.\\d+)?%左右/", in_text(r"增长\d+(\.\d+)?%左右"), None),
    ("/第[一二三]产业/", in_text("第[一二三]产业"), None),
    ("/[0-9]{3}个/ 城市", both(in_text("[0-9]{3}个"), has("城市")), None),
    # Fields
    ("改革 year:2011..2015", both(has("改革"), year(2011, 2015)), None),
    ("改革 年份：2020年", both(has("改革"), year(2020, 2020)), None),
    ("改革 year:2011-2013,2020", both(has("改革"), either(year(2011, 2013), year(2020, 2020))), None),
    ("改革 kind:党代会", both(has("改革"), field("kind", lambda k: "党代会" in k)), None),
    ("改革 类型:政府 -地区:全国",
     both(has("改革"), both(field("kind", lambda k: "政府" in k), lambda p: "全国" not in (p["region"] or ""))), None),
    ("改革 region:浙江", both(has("改革"), field("region", lambda r: "浙江" in r)), None),
    ("改革 issuer:云南省", both(has("改革"), field("issuer", lambda i: "云南省" in i)), None),
    ("单位:区政协", field("issuer", lambda i: "政治协商会议" in i and i.endswith("区委员会")), None),
    ("改革 part:部署", both(has("改革"), field("part", lambda v: v == "plan")), None),
    ("发展 标题:决议", both(has("发展"), field("title", lambda t: "决议" in t)), None),
    ("发展 section:外交", both(has("发展"), lambda p: any("外交" in s for s in p["section"])), None),
    ("发展 source:省级", both(has("发展"), field("source", lambda s: "省级" in s)), None),
    ("year:1954", year(1954, 1954), None),
    ("改革 (year:1999 | region:浙江)", both(has("改革"), either(year(1999, 1999), field("region", lambda r: "浙江" in r))), None),
    # Equivalents
    ("2020年", matches("2020年|(?<![%s])二[〇○零]二[〇○零]年" % HAN), has("2020年")),
    ("一九八一年", matches("一九八一年|(?<![0-9.,])1981年"), has("一九八一年")),
    ("1953年11月", matches("1953年11月|(?<![%s])一九五三年十一月" % HAN), has("1953年11月")),
    ("百分之七", matches(r"百分之七|(?<![0-9.,])7%"), has("百分之七")),
    ("5.2%", matches("5\\.2%%|百分之五点二(?![%s点])" % HAN), has("5.2%")),
    ("三十一条", matches("三十一条|(?<![0-9.,])31条"), has("三十一条")),
    ("20个", matches("20个|(?<![%s])二十个" % HAN), has("20个")),
    ("五亿元", matches(r"五亿元|(?<![0-9.,])5亿元"), has("五亿元")),
    ("十五五", matches("十五五|第十五个五年规划"), has("十五五")),
    ("十四五规划", matches("十四五规划|第十四个五年规划"), has("十四五规划")),
    ("第十三个五年规划", matches("第十三个五年规划|(?<![%s])十三五|第13个五年规划" % HAN), has("第十三个五年规划")),
    ("九五计划", matches("九五计划|第九个五年计划"), has("九五计划")),
    ("党的二十大", matches("(党的|中共)二十大|(中国共产党|党的|中共)第二十次全国代表大会"), has("党的二十大")),
    ("中国共产党第十九次全国代表大会",
     matches("(党的|中共)十九大|(中国共产党|党的|中共)第十九次全国代表大会"), has("中国共产党第十九次全国代表大会")),
    ("十八届五中全会", either(matches("十八届五中全会|第十八届中央委员会第五次全体会议"),
     matches("十八届(?:[一二三四五六七八九]中(?:全会)?[。和与及]?)*五中(?:(?:全会)?[。和与及]?[一二三四五六七八九]中)*全会")),
     has("十八届五中全会")),
    ("二十届三中全会", either(matches("二十届三中全会|第二十届中央委员会第三次全体会议"),
     matches("二十届(?:[一二三四五六七八九]中(?:全会)?[。和与及]?)*三中(?:(?:全会)?[。和与及]?[一二三四五六七八九]中)*全会")),
     has("二十届三中全会")),
    ("十届三中全会", either(has("十届三中全会"), either(has("第十届中央委员会第三次全体会议"), matches(
        "(?<![%s])十届(?:[一二三四五六七八九]中(?:全会)?[。和与及]?)*三中(?:(?:全会)?[。和与及]?[一二三四五六七八九]中)*全会" % HAN))),
     has("十届三中全会")),
    ("1亿", matches("1亿|(?<![%s])一亿(?![%s点])" % (HAN, HAN)), has("1亿")),
    ("九月", matches("九月|(?<![0-9.,~-])9月"), has("九月")),
    ("年 -2020年", but_not(has("年"), matches("2020年|(?<![%s])二[〇○零]二[〇○零]年" % HAN)), None),
    ("十五五 | 第十五个五年规划", matches("十五五|第十五个五年规划|第15个五年规划"), None),
    ("十三届全国人大四次会议",
     matches("(?<![%s])(13届全国人大四次会议|十三届全国(人大|人民代表大会)第?四次会议)|全国(人大|人民代表大会)十三届四次会议" % HAN),
     has("十三届全国人大四次会议")),
    # What means the same to nobody
    ("一带一路", has("一带一路"), has("一带一路")),
    ("十五", has("十五"), has("十五")),
    ("国民生产总值", has("国民生产总值"), has("国民生产总值")),
    ("两个维护", has("两个维护"), has("两个维护")),
    ("最后一公里", has("最后一公里"), has("最后一公里")),
    ("marks:on “十五”", lambda p: "“十五”" in re.sub(r"\s", "", p["text"]), None),
    ("标点:开 改革，", lambda p: re.search("改革[，,]", re.sub(r"\s", "", p["text"])) is not None
     and "改革," in re.sub(r"\s", "", p["text"]).replace("，", ","), None),
]


def read_passages(yinde, index):
    dump = subprocess.run([yinde, "dump", "--index", index], capture_output=True, check=True)
    passages = [json.loads(line) for line in dump.stdout.decode().splitlines()]
    # Copies are in no count.
    passages = [passage for passage in passages if not passage["copy_of"]]
    for p in passages:
        p["above"] = tuple(p["section"])
        p["own"] = tuple(p["section"]) + (re.sub(r"^#+\s*", "", p["text"]),)
    return passages


def groups_of(passages):
    """What stands in a section or report, its passages joined by a character that no form holds."""
    groups = {"section": defaultdict(list), "report": defaultdict(list)}
    for p in passages:
        for key, of_key in groups.items():
            for name in keys_of(key, p):
                of_key[name].append(p["matching"])
    return {key: {name: "\n".join(forms) for name, forms in of_key.items()} for key, of_key in groups.items()}


def main():
    yinde, index, variants = sys.argv[1:]
    TABLE.update(matching_form.load_table(variants))
    passages = read_passages(yinde, index)
    groups = groups_of(passages)
    batch = "".join(query + "\n" for query, _, _ in QUERIES).encode()
    command = [yinde, "search", "--index", index, "--batch", "-", "--count", "--json"]
    answered = subprocess.run(command, input=batch, capture_output=True, check=False)
    answers = [json.loads(line) for line in answered.stdout.decode().splitlines()]
    if len(answers) != len(QUERIES):
        sys.exit(f"{len(QUERIES)} queries, {len(answers)} answers: {answered.stderr.decode()}")
    different = 0
    for (query, meaning, literally), answer in zip(QUERIES, answers):
        def count(test):
            if getattr(test, "needs_groups", False):
                return sum(1 for p in passages if test(p, groups))
            return sum(1 for p in passages if test(p))
        expected = count(meaning)
        got = answer["passages"]
        literal = answer["literal"]["passages"]
        wrong = got != expected or (literally is not None and literal != count(literally))
        different += wrong
        if not wrong and expected == 0:
            print(f"(finds nothing here) {query}", file=sys.stderr)
        print(f"{'DIFFERS' if wrong else 'ok':8}{got:7}{expected:7}{literal:7}  {answer['elapsed_ms']:8.2f} ms  {query}")
    print(f"queries: {len(QUERIES)}, {different} different")
    sys.exit(1 if different else 0)


if __name__ == "__main__":
    main()
