//! Files are replaced whole or not at all: what is new is written beside the old file, synced, and renamed onto it.

use crate::diag::{Error, Kind};
use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use tempfile::{Builder, NamedTempFile};

/// What a file held when it was read; `None` where there was none.
pub type Before<'a> = Option<&'a str>;

/// Writes a text to a file that held `before`.
///
/// # Errors
/// `Usage` when it cannot be written, or when someone else has changed it since; the file is then as it was.
pub fn write(path: &Path, before: Before, text: &str) -> Result<(), Error> {
    replace(path, before, &mut |file| file.write_all(text.as_bytes()))
}

/// From nothing to the whole file.
type Fill<'a> = dyn FnMut(&mut dyn Write) -> io::Result<()> + 'a;

fn replace(path: &Path, before: Before, fill: &mut Fill) -> Result<(), Error> {
    let failed = |e: io::Error| Error::new(Kind::Usage, format!("cannot write {}: {e}", path.display()));
    let target = followed(path).map_err(failed)?;
    let old = opened(&target).map_err(failed)?;
    let beside = written_beside(&target, old.as_ref(), fill).map_err(failed)?;
    if old.is_some() && before.is_some_and(|text| std::fs::read(&target).ok().as_deref() != Some(text.as_bytes())) {
        return Err(Error::new(
            Kind::Usage,
            format!("cannot write {}: it has changed since it was read", path.display()),
        )
        .help("run the command again"));
    }
    let replaced = match &old {
        Some(old) if has_other_names(old) => in_place(&target, beside),
        Some(_) | None => beside.persist(&target).map(drop).map_err(|e| e.error),
    };
    replaced.map_err(failed)?;
    sync_directory(&target);
    Ok(())
}

/// Where the symbolic links from here end, whether or not there is a file yet.
fn followed(path: &Path) -> io::Result<PathBuf> {
    const MAX_LINKS: usize = 40;
    let mut at = path.to_owned();
    for _ in 0..MAX_LINKS {
        match at.read_link() {
            Ok(next) => at = at.parent().map_or_else(|| next.clone(), |directory| directory.join(&next)),
            Err(_) => return Ok(at),
        }
    }
    Err(io::Error::other("its links go round in a circle"))
}

/// The old file, if there is one: only what may be written may be replaced.
fn opened(target: &Path) -> io::Result<Option<Metadata>> {
    match OpenOptions::new().write(true).open(target) {
        Ok(file) => match file.metadata()? {
            old if old.is_file() => Ok(Some(old)),
            _ => Err(io::Error::other("it is no regular file")),
        },
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(e),
    }
}

/// The new file under a name of its own, on the disk, with the permissions and where possible the owner of the old one.
fn written_beside(target: &Path, old: Option<&Metadata>, fill: &mut Fill) -> io::Result<NamedTempFile> {
    let mut builder = Builder::new();
    builder.prefix(".gradus-");
    #[cfg(unix)]
    let builder =
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(if old.is_some() { 0o600 } else { 0o666 }));
    let mut beside = builder.tempfile_in(directory_of(target))?;
    fill(beside.as_file_mut())?;
    if let Some(old) = old {
        keep_owner(beside.as_file(), old);
        beside.as_file().set_permissions(old.permissions())?;
    }
    beside.as_file().sync_all()?;
    Ok(beside)
}

/// Only the superuser may give a file to another owner; to another group, its members.
#[cfg(unix)]
fn keep_owner(file: &File, old: &Metadata) {
    use std::os::unix::fs::{MetadataExt, fchown};
    let _ = fchown(file, None, Some(old.gid()));
    let _ = fchown(file, Some(old.uid()), None);
}

#[cfg(not(unix))]
fn keep_owner(_: &File, _: &Metadata) {}

#[cfg(unix)]
fn has_other_names(old: &Metadata) -> bool {
    std::os::unix::fs::MetadataExt::nlink(old) > 1
}

#[cfg(not(unix))]
fn has_other_names(_: &Metadata) -> bool {
    false
}

/// A file with several names (hard links) keeps them: it is written over, while what is new stands whole beside it.
fn in_place(target: &Path, beside: NamedTempFile) -> io::Result<()> {
    let mut new = beside.reopen()?;
    let mut file = OpenOptions::new().write(true).truncate(true).open(target)?;
    io::copy(&mut new, &mut file).and_then(|_| file.sync_all()).map_err(|e| match beside.keep() {
        Ok((_, kept)) => io::Error::other(format!("{e}; what it was to hold is in {}", kept.display())),
        Err(_) => e,
    })
}

/// A rename is on the disk when its directory is; a file system that cannot sync one has renamed all the same.
fn sync_directory(target: &Path) {
    let _ = File::open(directory_of(target)).and_then(|d| d.sync_all());
}

fn directory_of(target: &Path) -> &Path {
    target.parent().filter(|d| !d.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(directory: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(directory).expect("it is there");
        entries.map(|e| e.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn a_write_that_fails_half_way_leaves_the_old_file_whole() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("note.md");
        std::fs::write(&path, "old").expect("it is written");
        let wrong = replace(&path, Some("old"), &mut |file| {
            file.write_all(b"ne")?;
            Err(io::Error::other("no space left"))
        });
        let message = wrong.expect_err("the disk is full").message;
        assert!(message.starts_with("cannot write ") && message.ends_with("note.md: no space left"), "{message}");
        assert_eq!(std::fs::read_to_string(&path).expect("the note"), "old");
        assert_eq!(names(directory.path()), ["note.md"], "nothing is left beside it");
    }

    #[test]
    fn what_someone_else_has_changed_is_not_written_over() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("note.md");
        std::fs::write(&path, "theirs").expect("it is written");
        assert!(
            write(&path, Some("read"), "ours").is_err_and(|e| e.message.ends_with("it has changed since it was read"))
        );
        assert_eq!(std::fs::read_to_string(&path).expect("the note"), "theirs");
        write(&path, Some("theirs"), "ours").expect("it is as it was read");
        assert_eq!(
            (std::fs::read_to_string(&path).expect("the note").as_str(), names(directory.path()).len()),
            ("ours", 1)
        );
    }

    #[cfg(unix)]
    #[test]
    fn permissions_links_and_other_names_stay() {
        use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
        let directory = tempfile::tempdir().expect("a directory");
        let path = |name: &str| directory.path().join(name);
        std::fs::create_dir(path("within")).expect("a directory");
        std::fs::write(path("within/note.md"), "old").expect("it is written");
        std::fs::set_permissions(path("within/note.md"), PermissionsExt::from_mode(0o640)).expect("they are set");
        symlink("within/note.md", path("link.md")).expect("a link");
        symlink("link.md", path("again.md")).expect("a link");
        write(&path("again.md"), Some("old"), "new").expect("it is written");
        assert!(path("again.md").is_symlink() && path("link.md").is_symlink());
        let target = path("within/note.md").metadata().expect("it is there");
        assert_eq!((target.mode() & 0o7777, target.len()), (0o640, 3));
        std::fs::hard_link(path("within/note.md"), path("same.md")).expect("another name");
        write(&path("same.md"), Some("new"), "newer").expect("it is written");
        assert_eq!(std::fs::read_to_string(path("within/note.md")).expect("the note"), "newer");
        symlink("not yet.md", path("dangling.md")).expect("a link");
        write(&path("dangling.md"), None, "new").expect("it is written");
        assert!(path("dangling.md").is_symlink() && path("not yet.md").is_file());
        symlink("circle.md", path("circle.md")).expect("a link");
        assert!(write(&path("circle.md"), None, "new").is_err());
    }
}
