//! Where jieba-rs keeps its dictionary.
//!
//! Cargo is asked (`cargo metadata`), so registries, vendored sources, patches and path dependencies are
//! all found alike. It is asked about this crate's own manifest, also when another package depends on this
//! crate by path, and without the network first: an ordinary build has fetched jieba-rs already. A file named by
//! [`OVERRIDE`] goes before all that. Reading the dictionary belongs to `main`.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// The environment variable that names a dictionary to take instead.
const OVERRIDE: &str = "YINDE_DICTIONARY";

/// The dictionary inside the package of jieba-rs.
const INSIDE: &str = "src/data/dict.txt";

/// The path of the dictionary.
///
/// # Panics
/// If it cannot be found; the message says what to do.
pub fn dictionary() -> PathBuf {
    println!("cargo:rerun-if-env-changed={OVERRIDE}");
    let path = env::var_os(OVERRIDE).map(PathBuf::from).unwrap_or_else(|| {
        metadata(&["--offline"]).or_else(|_| metadata(&[])).and_then(|metadata| within(&metadata)).unwrap_or_else(
            |reason| {
                panic!(
                    "the dictionary of jieba-rs was not found: {reason}\n\
                     Run `cargo fetch` once with a network, or set {OVERRIDE} to the path of jieba-rs's {INSIDE}."
                )
            },
        )
    });
    println!("cargo:rerun-if-changed={}", path.display());
    path
}

/// What cargo knows of this crate's dependencies.
fn metadata(network: &[&str]) -> Result<Value, String> {
    let variable = |name: &str| env::var_os(name).ok_or_else(|| format!("{name} is not set"));
    let output = Command::new(variable("CARGO")?)
        .args(["metadata", "--format-version", "1", "--locked"])
        .args(network)
        .arg("--filter-platform")
        .arg(variable("TARGET")?)
        .current_dir(variable("CARGO_MANIFEST_DIR")?)
        .output()
        .map_err(|error| format!("cargo metadata: {error}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    serde_json::from_slice(&output.stdout).map_err(|error| format!("cargo metadata: {error}"))
}

/// The dictionary of the jieba-rs that this crate itself depends on: the graph may hold several versions.
fn within(metadata: &Value) -> Result<PathBuf, String> {
    if let Some(root) = metadata["workspace_root"].as_str() {
        let lock = Path::new(root).join("Cargo.lock");
        println!("cargo:rerun-if-changed={}", lock.display());
    }
    let own = env::var_os("CARGO_MANIFEST_DIR").map(|directory| Path::new(&directory).join("Cargo.toml"));
    let packages = metadata["packages"].as_array().map(Vec::as_slice).unwrap_or_default();
    let manifest = |package: &Value| package["manifest_path"].as_str().map(PathBuf::from);
    let this = packages.iter().find(|&package| manifest(package) == own).ok_or("cargo does not know this crate")?;
    let nodes = metadata["resolve"]["nodes"].as_array().map(Vec::as_slice).unwrap_or_default();
    let dependencies = nodes.iter().find(|node| node["id"] == this["id"]).map(|node| &node["dependencies"]);
    let jieba = dependencies
        .and_then(Value::as_array)
        .and_then(|ids| packages.iter().find(|package| package["name"] == "jieba-rs" && ids.contains(&package["id"])))
        .ok_or("this crate does not depend on jieba-rs")?;
    let path = manifest(jieba).and_then(|manifest| Some(manifest.parent()?.join(INSIDE)));
    path.filter(|path| path.is_file()).ok_or_else(|| format!("{} has no {INSIDE}", jieba["id"]))
}
