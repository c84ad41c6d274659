//! Arrows never point up: which module may use which, and where tantivy, clap and printing may stand.

use std::fs;
use std::path::{Path, PathBuf};

/// The modules a module may use. `cli` is the binary and uses the library by its name.
const MAY_USE: [(&str, &[&str]); 18] = [
    ("model", &[]),
    ("error", &[]),
    ("text", &["model", "error"]),
    ("query", &["text", "model", "error"]),
    ("ingest", &["text", "model", "error"]),
    ("index", &["text", "model", "error"]),
    ("search", &["index", "query", "text", "model", "error"]),
    ("generate", &["text", "model", "error"]),
    ("suggest", &["text", "model", "error"]),
    ("export", &[]),
    ("citation", &["model"]),
    ("wording", &["targets", "search", "index", "query", "text", "model", "error"]),
    ("comparison", &["wording", "text", "model"]),
    ("usage", &["search", "index", "query", "text", "model", "error"]),
    ("terms", &["usage", "wording", "search", "index", "query", "text", "model", "error"]),
    ("targets", &["text", "model"]),
    ("archive", ABOVE_ALL),
    ("bench", &["archive", "search", "query", "generate", "text", "model", "error"]),
];

/// What the facade joins.
const ABOVE_ALL: &[&str] = &[
    "ingest",
    "index",
    "search",
    "wording",
    "comparison",
    "usage",
    "terms",
    "targets",
    "query",
    "generate",
    "suggest",
    "text",
    "model",
    "error",
];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("listed").flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
    found
}

/// The code of a file, without its comments.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).expect("read");
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

#[test]
fn arrows_never_point_up() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for path in sources(&src) {
        let relative = path.strip_prefix(&src).expect("below").to_string_lossy().replace('\\', "/");
        let module = relative.split('/').next().expect("a name").trim_end_matches(".rs").to_owned();
        let code = code(&path);
        let names = |prefix: &str| -> Vec<String> {
            let rest = code.split(prefix).skip(1);
            rest.map(|rest| rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()).collect()
        };
        if let Some((_, allowed)) = MAY_USE.iter().find(|(name, _)| *name == module) {
            for used in names("crate::") {
                assert!(used == module || allowed.contains(&used.as_str()), "{relative} uses {used}");
            }
        } else {
            assert!(["lib", "main", "cli"].contains(&module.as_str()), "{relative}: a module without a place");
        }
        let uses = |name: &str| code.contains(&format!("{name}::"));
        assert!(!uses("tantivy") || ["index", "search"].contains(&module.as_str()), "{relative} uses tantivy");
        assert!(!uses("clap") || module == "cli", "{relative} uses clap");
        assert!(
            !uses("jieba_rs") || ["text/tags.rs", "text/segment/identity.rs"].contains(&relative.as_str()),
            "{relative} uses jieba"
        );
        assert!(path.extension().is_some() && code.len() < 40_000, "{relative} is a long file");
        let first = fs::read_to_string(&path).expect("read");
        assert!(first.starts_with("//!"), "{relative} does not say what it is");
    }
}
