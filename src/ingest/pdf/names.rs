//! What glyphs are called, and characters that fonts confuse.

/// The character that a glyph name stands for, by the rules and a small part of the Adobe Glyph List.
pub fn character(name: &str) -> Option<char> {
    let base = name.split('.').next().unwrap_or_default();
    let mut letters = base.chars();
    if let (Some(letter), None) = (letters.next(), letters.next()) {
        return Some(letter);
    }
    if let Ok(at) = GLYPHS.binary_search_by_key(&base, |(name, _)| name) {
        return GLYPHS.get(at).map(|(_, c)| *c);
    }
    let digits = base.strip_prefix("uni").or_else(|| base.strip_prefix('u'))?;
    let is_code = (4..=6).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_hexdigit());
    u32::from_str_radix(digits, 16).ok().filter(|_| is_code).and_then(char::from_u32)
}

/// Glyph names that do not spell their character, in order.
const GLYPHS: [(&str, char); 80] = [
    ("ampersand", '&'),
    ("asciicircum", '^'),
    ("asciitilde", '~'),
    ("asterisk", '*'),
    ("at", '@'),
    ("backslash", '\\'),
    ("bar", '|'),
    ("braceleft", '{'),
    ("braceright", '}'),
    ("bracketleft", '['),
    ("bracketright", ']'),
    ("bullet", '•'),
    ("cent", '¢'),
    ("colon", ':'),
    ("comma", ','),
    ("copyright", '©'),
    ("degree", '°'),
    ("divide", '÷'),
    ("dollar", '$'),
    ("eight", '8'),
    ("ellipsis", '…'),
    ("emdash", '—'),
    ("endash", '–'),
    ("equal", '='),
    ("exclam", '!'),
    ("ff", 'ﬀ'),
    ("ffi", 'ﬃ'),
    ("ffl", 'ﬄ'),
    ("fi", 'ﬁ'),
    ("five", '5'),
    ("fl", 'ﬂ'),
    ("four", '4'),
    ("grave", '`'),
    ("greater", '>'),
    ("guillemotleft", '«'),
    ("guillemotright", '»'),
    ("hyphen", '-'),
    ("less", '<'),
    ("middot", '·'),
    ("minus", '−'),
    ("mu", 'µ'),
    ("multiply", '×'),
    ("nbspace", ' '),
    ("nine", '9'),
    ("nonbreakingspace", ' '),
    ("numbersign", '#'),
    ("one", '1'),
    ("onehalf", '½'),
    ("onequarter", '¼'),
    ("paragraph", '¶'),
    ("parenleft", '('),
    ("parenright", ')'),
    ("percent", '%'),
    ("period", '.'),
    ("periodcentered", '·'),
    ("perthousand", '‰'),
    ("plus", '+'),
    ("plusminus", '±'),
    ("question", '?'),
    ("quotedbl", '"'),
    ("quotedblleft", '“'),
    ("quotedblright", '”'),
    ("quoteleft", '‘'),
    ("quoteright", '’'),
    ("quotesingle", '\''),
    ("registered", '®'),
    ("section", '§'),
    ("semicolon", ';'),
    ("seven", '7'),
    ("sfthyphen", '-'),
    ("six", '6'),
    ("slash", '/'),
    ("space", ' '),
    ("sterling", '£'),
    ("three", '3'),
    ("trademark", '™'),
    ("two", '2'),
    ("underscore", '_'),
    ("yen", '¥'),
    ("zero", '0'),
];

/// The ideograph that a radical looks like. Fonts share glyphs between both, and writers of `ToUnicode` maps
/// then pick the radical.
pub fn unified(c: char) -> char {
    let found = match c {
        '\u{2F00}'..='\u{2FD5}' => KANGXI.chars().nth((c as usize).saturating_sub(0x2F00)),
        '\u{2E80}'..='\u{2EFF}' => {
            RADICALS.chars().position(|radical| radical == c).and_then(|at| IDEOGRAPHS.chars().nth(at))
        }
        _ => None,
    };
    found.unwrap_or(c)
}

/// The ideographs of U+2F00 to U+2FD5, 户 in its simplified form as fonts draw it.
const KANGXI: &str = "\
    一丨丶丿乙亅二亠人儿入八冂冖冫几凵刀力勹匕匚匸十卜卩厂厶又口囗土士夂夊夕大女子宀寸小尢尸屮山巛工己巾干幺广廴\
    廾弋弓彐彡彳心戈户手支攴文斗斤方无日曰月木欠止歹殳毋比毛氏气水火爪父爻爿片牙牛犬玄玉瓜瓦甘生用田疋疒癶白皮皿\
    目矛矢石示禸禾穴立竹米糸缶网羊羽老而耒耳聿肉臣自至臼舌舛舟艮色艸虍虫血行衣襾見角言谷豆豕豸貝赤走足身車辛辰辵\
    邑酉釆里金長門阜隶隹雨靑非面革韋韭音頁風飛食首香馬骨高髟鬥鬯鬲鬼魚鳥鹵鹿麥麻黃黍黑黹黽鼎鼓鼠鼻齊齒龍龜龠\
";

/// Those of the CJK Radicals Supplement that are characters of their own.
const RADICALS: &str = "⺟⺠⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰⻳⻑";

/// The ideographs of `RADICALS`.
const IDEOGRAPHS: &str = "母民虎西见角贝车长门青韦页风飞食马骨鬼鱼鸟卤麦黄齐齿龙龟長";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_radicals() {
        assert!(GLYPHS.is_sorted());
        assert_eq!(character("seven"), Some('7'));
        assert_eq!(character("a.alt"), Some('a'));
        assert_eq!(character("uni5E74"), Some('年'));
        assert_eq!(character("g123"), None);
        assert_eq!(character("union"), None);
        assert_eq!((unified('⾼'), unified('⻓'), unified('高')), ('高', '长', '高'));
        assert_eq!(RADICALS.chars().count(), IDEOGRAPHS.chars().count());
    }
}
