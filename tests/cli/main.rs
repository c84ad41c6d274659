//! Drives the real program, as a user would. One binary; one file a subject.

mod architecture;
mod batch;
mod benching;
mod contract;
mod harness;
mod querying;
mod reading;
mod researching;
mod shared;
mod updating;
mod using;
mod wording;
