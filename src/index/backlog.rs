//! How much of what was handed over for indexing still waits in memory.
//!
//! The engine's queue counts reports, however long they are: without a limit in bytes, reading that is faster than
//! indexing fills the memory.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Bytes of passages that may wait.
const LIMIT: usize = 24 << 20;

/// Longest that anybody is kept waiting: if what indexes has failed, it has to be asked to say so.
const PATIENCE: Duration = Duration::from_secs(10);

/// Bytes that wait, counted by those who hand over and those who take.
#[derive(Default)]
pub struct Backlog {
    waiting: Mutex<usize>,
    shrunk: Condvar,
}

impl Backlog {
    fn waiting(&self) -> MutexGuard<'_, usize> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts bytes that are about to be handed over, when there is room for them.
    pub fn grow(&self, bytes: usize) {
        let has_no_room = |waiting: &mut usize| *waiting >= LIMIT;
        let waited = self.shrunk.wait_timeout_while(self.waiting(), PATIENCE, has_no_room);
        let (mut waiting, _) = waited.unwrap_or_else(PoisonError::into_inner);
        *waiting += bytes;
    }

    /// Counts bytes that were taken.
    pub fn shrink(&self, bytes: usize) {
        let mut waiting = self.waiting();
        *waiting = waiting.saturating_sub(bytes);
        self.shrunk.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::thread;

    #[test]
    fn who_hands_over_too_much_waits_until_something_is_taken() {
        let (backlog, is_taken) = (Backlog::default(), AtomicBool::new(false));
        backlog.grow(LIMIT);
        thread::scope(|scope| {
            scope.spawn(|| {
                thread::sleep(Duration::from_millis(20));
                is_taken.store(true, Ordering::SeqCst);
                backlog.shrink(1);
            });
            backlog.grow(1);
            assert!(is_taken.load(Ordering::SeqCst));
        });
        assert_eq!(*backlog.waiting(), LIMIT);
    }
}
