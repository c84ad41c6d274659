//! Numbers of all documents in the order of the text, and what belongs to them in order of the numbers.

/// Numbers, document after document.
#[derive(Default)]
pub struct Sequence {
    numbers: Vec<u32>,
    /// Where each document ends.
    ends: Vec<u32>,
}

impl Sequence {
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

    /// Room for a value of each of the numbers, all of which are below `bound`.
    pub fn grouped<T: Copy + Default>(&self, bound: u32) -> Grouped<T> {
        let mut starts = vec![0u32; bound as usize + 2];
        for &number in &self.numbers {
            starts[number as usize + 2] += 1;
        }
        for i in 2..starts.len() {
            starts[i] += starts[i - 1];
        }
        Grouped { starts, values: vec![T::default(); self.numbers.len()] }
    }

    /// Bytes that were filled.
    pub fn memory(&self) -> usize {
        (self.numbers.len() + self.ends.len()) * 4
    }
}

/// Values in order of their numbers, those of the same number in the order in which they were put: a counting sort.
pub struct Grouped<T> {
    /// Each entry but the first is where the next value of the number before goes; in the end, where the next number's
    /// begin.
    starts: Vec<u32>,
    values: Vec<T>,
}

impl<T: Copy + Default> Grouped<T> {
    /// Puts the next value of a number.
    pub fn put(&mut self, number: u32, value: T) {
        let next = &mut self.starts[number as usize + 1];
        self.values[*next as usize] = value;
        *next += 1;
    }

    /// The values of a number.
    pub fn of(&self, number: u32) -> &[T] {
        &self.values[self.starts[number as usize] as usize..self.starts[number as usize + 1] as usize]
    }
}
