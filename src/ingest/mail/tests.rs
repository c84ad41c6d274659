//! Whole messages.

use super::{Body, eml, is_mail};

const MIXED: &str = "From: =?utf-8?B?5p+Q?= <a@b.cn>\r\nTo: c@d.cn\r\nSubject: =?utf-8?B?5bel5L2c5oql5ZGK?=\r\nMIME-Version: 1.0\r\n\
    Content-Type: multipart/mixed;\r\n\tboundary=\"==x\"\r\n\r\npreamble\r\n--==x\r\nContent-Type: multipart/alternative; boundary=y\r\n\r\n\
    --y\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n5pS/5bqc5bel5L2c\r\n\
    --y\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>政府工作</p>\r\n--y--\r\n--==x\r\n\
    Content-Type: application/octet-stream; name=\"../a.txt\"\r\nContent-Disposition: attachment\r\n\r\n附件内容\r\n--==x--\r\n";

#[test]
fn body_and_attachments() {
    let mail = eml(MIXED.as_bytes()).expect("well-formed");
    assert_eq!(mail.subject.as_deref(), Some("工作报告"));
    assert_eq!(mail.body, Body::Html("<p>政府工作</p>".to_owned()));
    assert_eq!(mail.attachments, [("a.txt".to_owned(), "附件内容".as_bytes().to_vec())]);
    assert!(is_mail(MIXED.as_bytes()));
}

#[test]
fn a_saved_page() {
    let page = encoding_rs::GBK.encode("<html><body>政府工作报告，推动高质量发展</body></html>").0.into_owned();
    let quoted: String = page.iter().map(|byte| format!("={byte:02X}")).collect();
    let mht = format!(
        "From: <Saved by Blink>\nSubject: x\nMIME-Version: 1.0\nContent-Type: multipart/related; type=\"text/html\"; boundary=\"b\"\n\n\
         --b\nContent-Type: text/html\nContent-Transfer-Encoding: quoted-printable\nContent-Location: http://a/\n\n{quoted}\n\
         --b\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\niVBO\n\
         --b\nContent-Type: text/css\n\np {{}}\n--b--\n"
    );
    assert!(is_mail(mht.as_bytes()));
    let mail = eml(mht.as_bytes()).expect("well-formed");
    assert_eq!(mail.body, Body::Html("<html><body>政府工作报告，推动高质量发展</body></html>".to_owned()));
    assert!(mail.attachments.is_empty());
}

#[test]
fn reports_are_no_mail() {
    for text in [
        "政府工作报告\n各位代表：\n",
        "from: a\n报告: b\n",
        "# 标题\n\nFrom: a\nTo: b\nSubject: c\n",
        "Title: a\nDate: b\n\n",
        "",
        "key: value\n",
    ] {
        assert!(!is_mail(text.as_bytes()), "{text}");
    }
    assert!(eml(b"").is_err());
}

#[test]
fn bombs_end() {
    let nested = (0..100_000).fold(String::from("From: a\n"), |so_far, i| {
        so_far + &format!("Content-Type: multipart/mixed; boundary=b{i}\n\n--b{i}\n")
    });
    let many = "From: a\nContent-Type: multipart/mixed; boundary=b\n\n".to_owned() + &"--b\n\n".repeat(200_000);
    let words = "From: a\nSubject: ".to_owned() + &"=?a?".repeat(200_000);
    for bomb in [nested, many, words] {
        let _ = eml(bomb.as_bytes());
    }
}
