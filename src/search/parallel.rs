//! Work of one query shared between the processor's cores.

use std::thread;

/// Fewer items than this are not worth a thread.
const WORTH_IT: usize = 16;

/// What `make` makes of each item, in order; the first failure ends it.
pub fn map<T: Sync, R: Send, E: Send>(items: &[T], make: impl Fn(&T) -> Result<R, E> + Sync) -> Result<Vec<R>, E> {
    let threads = thread::available_parallelism().map_or(1, |n| n.get());
    if threads == 1 || items.len() < WORTH_IT {
        return items.iter().map(make).collect();
    }
    thread::scope(|scope| {
        let make = &make;
        let parts = items.chunks(items.len().div_ceil(threads));
        let running: Vec<_> =
            parts.map(|part| scope.spawn(move || part.iter().map(make).collect::<Result<Vec<R>, E>>())).collect();
        let mut made = Vec::with_capacity(items.len());
        for part in running {
            made.extend(part.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?);
        }
        Ok(made)
    })
}

/// Two pieces of work at the same time; the first failure of either ends it.
pub fn both<A: Send, B: Send, E: Send>(
    a: impl FnOnce() -> Result<A, E> + Send,
    b: impl FnOnce() -> Result<B, E>,
) -> Result<(A, B), E> {
    thread::scope(|scope| {
        let running = scope.spawn(a);
        let b = b();
        let a = running.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        Ok((a?, b?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_is_kept_and_failures_come_through() {
        let items: Vec<u32> = (0..1_000).collect();
        let doubled: Result<Vec<u32>, u32> = map(&items, |&item| Ok(item * 2));
        assert_eq!(doubled, Ok(items.iter().map(|item| item * 2).collect()));
        assert_eq!(map(&items, |&item| if item == 700 { Err(item) } else { Ok(item) }), Err(700));
        assert_eq!(both(|| Ok::<_, u32>(1), || Ok(2)), Ok((1, 2)));
        assert_eq!(both(|| Ok::<u32, u32>(1), || Err::<u32, u32>(3)), Err(3));
        assert_eq!(map(&[] as &[u32], |&item| Ok::<u32, ()>(item)), Ok(Vec::new()));
    }
}
