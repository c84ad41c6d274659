//! Follows the archive's folders and brings the index up to date when something changes.

use std::sync::mpsc::channel;
use std::time::Duration;

use notify_debouncer_mini::new_debouncer;
use notify_debouncer_mini::notify::{self, RecursiveMode};

use super::order::Order;
use super::summary::{Progress, Summary};
use super::update::update;
use crate::error::Error;

/// How long nothing must change before the index is brought up to date: copying a folder is one change.
const QUIET: Duration = Duration::from_secs(1);

/// Brings an index up to date now and after every change of the archive, until `each` returns false.
///
/// # Errors
/// If a folder cannot be followed, or the first update fails. Later failures are given to `each`.
pub fn watch(
    order: &Order,
    progress: &(dyn Fn(Progress) + Sync),
    each: &mut dyn FnMut(Result<Summary, Error>) -> bool,
) -> Result<(), Error> {
    let (sender, receiver) = channel();
    let failed = |path: &std::path::Path, error: notify::Error| Error::Unwatchable {
        path: path.to_owned(),
        reason: error.to_string(),
    };
    let first = order.archives.first().cloned().unwrap_or_default();
    let mut debouncer = new_debouncer(QUIET, sender).map_err(|error| failed(&first, error))?;
    // Followed before they are read, so that nothing changes unseen.
    for archive in &order.archives {
        let watched = debouncer.watcher().watch(archive, RecursiveMode::Recursive);
        watched.map_err(|error| failed(archive, error))?;
    }
    if !each(Ok(update(order, progress)?)) {
        return Ok(());
    }
    let order = Order { rebuild: false, ..order.clone() };
    while receiver.recv().is_ok() {
        // What has piled up meanwhile is one change.
        while receiver.try_recv().is_ok() {}
        if !each(update(&order, progress)) {
            break;
        }
    }
    Ok(())
}
