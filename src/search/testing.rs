//! For tests: an index of one report in one segment.

use tempfile::TempDir;

use crate::index::ledger::Ledger;
use crate::index::reader::{Snapshot, View};
use crate::index::writer::Writer;
use crate::index::{FORMAT, Manifest};
use crate::model::{Inferred, Kind, Metadata, Origin, Part, Passage, Report, Role};

/// An index of these passages. The folder goes with the first of the two.
pub fn indexed(texts: &[String]) -> (TempDir, Snapshot) {
    let folder = tempfile::tempdir().expect("a folder");
    let writer = Writer::open(folder.path(), 1, &[]).expect("a writer");
    writer.add(1, &report(texts)).expect("added");
    let manifest = Manifest { format: FORMAT, ..Manifest::default() };
    writer.commit(&manifest, &Ledger::default()).expect("written");
    let snapshot = Snapshot::open(folder.path(), View::All).expect("opened");
    (folder, snapshot)
}

fn report(texts: &[String]) -> Report {
    let title = Inferred::new("报告".to_owned(), Origin::Text);
    let passage = |text: &String| Passage {
        role: Role::Paragraph,
        part: Part::Other,
        section: None,
        text: text.clone(),
        bytes: Vec::new(),
    };
    Report {
        id: "1".to_owned(),
        source: "1".to_owned(),
        place: 0,
        metadata: Metadata::new(title, Inferred::new(Kind::Other, Origin::Inferred)),
        sections: Vec::new(),
        passages: texts.iter().map(passage).collect(),
        own_id: true,
    }
}
