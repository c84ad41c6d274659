//! Follows the archive's folders and brings the index up to date when something changes.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use notify::{Event, EventKind, RecursiveMode, Watcher};

use super::order::Order;
use super::summary::{Progress, Summary};
use super::update::update;
use crate::error::Error;

/// How long nothing must change before the index is brought up to date: copying a folder is one change.
const QUIET: Duration = Duration::from_secs(1);

/// After how long an update that failed is tried again.
const AGAIN: Duration = Duration::from_secs(10);

/// Brings an index up to date now and after every change of the archive, until `each` returns false.
///
/// # Errors
/// If a folder cannot be followed or is gone, or the first update fails. Later failures are given to `each`, and the
/// update is tried again.
pub fn watch(
    order: &Order,
    progress: &(dyn Fn(Progress) + Sync),
    each: &mut dyn FnMut(Result<Summary, Error>) -> bool,
) -> Result<(), Error> {
    let (sender, receiver) = channel();
    let failed =
        |path: &Path, error: notify::Error| Error::Unwatchable { path: path.to_owned(), reason: error.to_string() };
    let first = order.archives.first().cloned().unwrap_or_default();
    let mut watcher = notify::recommended_watcher(sender).map_err(|error| failed(&first, error))?;
    // Followed before they are read, so that nothing changes unseen.
    for archive in &order.archives {
        watcher.watch(archive, RecursiveMode::Recursive).map_err(|error| failed(archive, error))?;
    }
    if !each(Ok(update(order, progress)?)) {
        return Ok(());
    }
    let order = Order { rebuild: false, ..order.clone() };
    let changes = Changes { receiver, index: fs::canonicalize(&order.index).ok() };
    let mut has_failed = false;
    while changes.wait(has_failed.then_some(AGAIN)) {
        // A folder that was removed is followed no longer, even if another takes its name.
        if let Some(gone) = order.archives.iter().find(|archive| !archive.exists()) {
            return Err(Error::Unwatchable { path: gone.clone(), reason: "文件夹已不在".to_owned() });
        }
        let updated = update(&order, progress);
        has_failed = updated.is_err();
        if !each(updated) {
            break;
        }
    }
    Ok(())
}

/// What the system tells of the folders.
struct Changes {
    receiver: Receiver<notify::Result<Event>>,
    index: Option<PathBuf>,
}

impl Changes {
    /// Waits for a change and then until it is quiet, at most for `most`; false when nothing more will come.
    fn wait(&self, most: Option<Duration>) -> bool {
        loop {
            let event = match most {
                None => self.receiver.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(most) => self.receiver.recv_timeout(most),
            };
            match event {
                Ok(event) if self.matters(&event) => break,
                Ok(_) => {}
                Err(RecvTimeoutError::Timeout) => return true,
                Err(RecvTimeoutError::Disconnected) => return false,
            }
        }
        while self.receiver.recv_timeout(QUIET).is_ok() {}
        true
    }

    /// Reading changes nothing, and what is written into the index is our own doing.
    fn matters(&self, event: &notify::Result<Event>) -> bool {
        let Ok(event) = event else { return true };
        let is_own = |path: &PathBuf| self.index.as_ref().is_some_and(|index| path.starts_with(index));
        !matches!(event.kind, EventKind::Access(_)) && !event.paths.iter().all(is_own)
    }
}
