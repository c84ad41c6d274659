//! The sample archive, carried inside the program, so that whoever has nothing but the program can learn from it.
//!
//! The list is the folder `corpus/`, file by file; a test compares them. What is made of it belongs to `corpus`.

/// The files of the sample archive: name below the folder, content.
pub fn files() -> &'static [(&'static str, &'static [u8])] {
    &FILES
}

macro_rules! embedded {
    ($($name:literal)*) => {
        [$(($name, include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/corpus/", $name)) as &[u8])),*]
    };
}

static FILES: [(&str, &[u8]); 32] = embedded! {
    "人大常委会/望澜区人大常委会工作报告（2018年）.txt"
    "人大常委会/望澜区人大常委会工作报告（2021年）.html"
    "人大常委会/望澜区人大常委会工作报告（2024年）.txt"
    "人大常委会/望澜区人大常委会工作报告（2026年）.txt"
    "报纸/望澜日报2026年1月20日第2版.txt"
    "政协常委会/2017年政协望澜区常委会工作报告.txt"
    "政协常委会/2019年政协望澜区常委会工作报告.txt"
    "政协常委会/2022年政协望澜区常委会工作报告.txt"
    "政协常委会/2024年政协望澜区常委会工作报告.docx"
    "政协常委会/2025年政协望澜区常委会工作报告.txt"
    "政府工作报告/望澜区2016年政府工作报告.txt"
    "政府工作报告/望澜区2017年政府工作报告.txt"
    "政府工作报告/望澜区2018年政府工作报告.txt"
    "政府工作报告/望澜区2019年政府工作报告.txt"
    "政府工作报告/望澜区2021年政府工作报告.txt"
    "政府工作报告/望澜区2022年政府工作报告.docx"
    "政府工作报告/望澜区2023年政府工作报告.txt"
    "政府工作报告/望澜区2024年政府工作报告.html"
    "政府工作报告/望澜区2025年政府工作报告.txt"
    "政府工作报告/望澜区2026年政府工作报告.txt"
    "法检两院/望澜区人民检察院工作报告2020.txt"
    "法检两院/望澜区人民检察院工作报告2023.html"
    "法检两院/望澜区人民检察院工作报告2026.txt"
    "法检两院/望澜区人民法院工作报告2019.txt"
    "法检两院/望澜区人民法院工作报告2022.docx"
    "法检两院/望澜区人民法院工作报告2025.txt"
    "规划/中共云汀市望澜区委关于制定国民经济和社会发展第十五个五年规划的建议.txt"
    "规划/望澜区国民经济和社会发展第十三个五年规划纲要（摘编）.txt"
    "规划/望澜区国民经济和社会发展第十四个五年规划和二〇三五年远景目标纲要（摘编）.docx"
    "部门总结/云帆产业社区建设办公室2024年工作总结及2025年工作要点.txt"
    "部门总结/区司法局2021年度工作总结.txt"
    "部门总结/望澜区发展和改革局2018年工作总结和2019年工作思路.txt"
};

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn the_list_is_the_folder() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
        let found = walkdir::WalkDir::new(&folder).into_iter().filter_map(Result::ok);
        let mut names: Vec<String> = found
            .filter(|entry| entry.file_type().is_file())
            .filter_map(|entry| Some(entry.path().strip_prefix(&folder).ok()?.to_str()?.replace('\\', "/")))
            .collect();
        names.sort();
        assert_eq!(
            files().iter().map(|(name, _)| *name).collect::<Vec<_>>(),
            names,
            "list them in src/bench/sample.rs"
        );
    }
}
