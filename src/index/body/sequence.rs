//! Numbers of all documents in the order of the text, and what belongs to them in order of the numbers.

/// A list that may grow large, with room for 40 MB, which takes memory only as it is filled. From 32 MB on, glibc gives
/// memory back when it is freed (`M_MMAP_THRESHOLD`); what is less stays with the thread, in pieces of which few fit the
/// next list.
pub fn roomy<T>() -> Vec<T> {
    Vec::with_capacity((40 << 20) / size_of::<T>())
}

/// Numbers, document after document.
pub struct Sequence {
    numbers: Vec<u32>,
    /// Where each document ends.
    ends: Vec<u32>,
}

impl Sequence {
    /// Without documents.
    pub fn new() -> Sequence {
        Sequence { numbers: roomy(), ends: Vec::new() }
    }

    /// Appends a number to the current document.
    pub fn push(&mut self, number: u32) {
        self.numbers.push(number);
    }

    /// The next number belongs to the next document.
    pub fn end_document(&mut self) {
        self.ends.push(self.numbers.len() as u32);
    }

    /// The numbers of each document.
    pub fn documents(&self) -> impl Iterator<Item = &[u32]> {
        let mut start = 0;
        self.ends.iter().map(move |&end| {
            let document = &self.numbers[start..end as usize];
            start = end as usize;
            document
        })
    }

    /// All numbers.
    pub fn numbers(&self) -> &[u32] {
        &self.numbers
    }

    /// How often each number below `bound` is there; there are no others.
    pub fn counts(&self, bound: u32) -> Vec<u32> {
        let mut counts = vec![0; bound as usize];
        self.numbers.iter().for_each(|&number| counts[number as usize] += 1);
        counts
    }

    /// Bytes that were filled.
    pub fn memory(&self) -> usize {
        (self.numbers.len() + self.ends.len()) * 4
    }
}

/// Values in order of their numbers, those of the same number in the order in which they were put: a counting sort.
pub struct Grouped<'c, T> {
    /// How many values each number has.
    counts: &'c [u32],
    /// Where the next value of each number goes; [`UNWANTED`] for numbers whose values are not kept.
    next: Vec<u32>,
    values: Vec<T>,
}

const UNWANTED: u32 = u32::MAX;

impl<'c, T: Copy + Default> Grouped<'c, T> {
    /// Room for the values of some numbers, of which each has as many as `counts` says.
    pub fn of(counts: &'c [u32], wanted: impl Iterator<Item = u32>) -> Grouped<'c, T> {
        let mut next = vec![UNWANTED; counts.len()];
        let mut room = 0;
        for number in wanted {
            next[number as usize] = room;
            room += counts[number as usize];
        }
        let mut values = roomy();
        values.resize(room as usize, T::default());
        Grouped { counts, next, values }
    }

    /// Puts the next value of a number.
    pub fn put(&mut self, number: u32, value: T) {
        let next = &mut self.next[number as usize];
        if *next != UNWANTED {
            self.values[*next as usize] = value;
            *next += 1;
        }
    }

    /// The values of a wanted number, when all of them were put.
    pub fn of_number(&self, number: u32) -> &[T] {
        let end = self.next[number as usize] as usize;
        &self.values[end - self.counts[number as usize] as usize..end]
    }
}
