//! What control words of RTF mean for text: destinations, and words that stand for characters (RTF 1.9.1).

/// Where the text of a group goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Destination {
    /// The text, or that of the note, text box or name that is open.
    #[default]
    Text,
    /// Nowhere.
    Skip,
    /// Nowhere, except for a text box in it.
    Shape,
    /// Nowhere, except for title and date.
    Info,
    /// Nowhere; the Unicode form of the same text follows.
    Ansi,
    FontTable,
    StyleSheet,
    Created,
}

/// A text apart from the one that it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Aside {
    Title,
    /// The name of a style.
    Style,
    /// The number before a paragraph of a list.
    Label,
    Note,
    TextBox,
}

/// The text apart that a control word opens.
pub(super) fn aside(word: &[u8]) -> Option<Aside> {
    match word {
        b"title" => Some(Aside::Title),
        b"listtext" | b"pntext" => Some(Aside::Label),
        b"footnote" => Some(Aside::Note),
        b"shptxt" | b"dptxbxtext" => Some(Aside::TextBox),
        _ => None,
    }
}

/// The destination that a control word opens.
pub(super) fn destination(word: &[u8]) -> Option<Destination> {
    let destination = match word {
        b"fonttbl" => Destination::FontTable,
        b"stylesheet" => Destination::StyleSheet,
        b"info" => Destination::Info,
        b"creatim" => Destination::Created,
        b"shp" | b"shpgrp" | b"shpinst" | b"do" => Destination::Shape,
        b"upr" => Destination::Ansi,
        b"colortbl" | b"filetbl" | b"revtbl" | b"listtable" | b"listoverridetable" | b"rsidtbl" | b"pict"
        | b"object" | b"nonshppict" | b"shprslt" | b"sp" | b"header" | b"headerl" | b"headerr" | b"headerf"
        | b"footer" | b"footerl" | b"footerr" | b"footerf" | b"ftnsep" | b"ftnsepc" | b"ftncn" | b"aftnsep"
        | b"aftnsepc" | b"aftncn" | b"fldinst" | b"datafield" | b"annotation" | b"bkmkstart" | b"bkmkend"
        | b"themedata" | b"generator" | b"template" | b"nextfile" | b"private" | b"userprops" | b"xe" | b"rxe"
        | b"txe" | b"tc" | b"tcn" | b"nonesttables" | b"mmath" => Destination::Skip,
        _ => return None,
    };
    Some(destination)
}

/// The character that a control word stands for.
pub(super) fn character(word: &[u8]) -> Option<char> {
    let character = match word {
        b"tab" => '\t',
        b"line" | b"lbr" | b"softline" => '\n',
        b"emdash" => '—',
        b"endash" => '–',
        b"bullet" => '•',
        b"lquote" => '‘',
        b"rquote" => '’',
        b"ldblquote" => '“',
        b"rdblquote" => '”',
        b"emspace" | b"enspace" | b"qmspace" => ' ',
        _ => return None,
    };
    Some(character)
}
