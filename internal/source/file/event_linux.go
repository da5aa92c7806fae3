package file

import (
	"bytes"
	"encoding/binary"

	"golang.org/x/sys/unix"
)

// parseEvents reads what read(2) has of inotify: each event is a header, which has
// the length of the name that follows it and is filled up with zeros.
func parseEvents(octets []byte) []told {
	var events []told
	for len(octets) >= unix.SizeofInotifyEvent {
		order := binary.NativeEndian
		e := told{wd: int32(order.Uint32(octets)), mask: order.Uint32(octets[4:])}
		end := unix.SizeofInotifyEvent + int(order.Uint32(octets[12:]))
		if end > len(octets) {
			break
		}
		e.name = string(bytes.TrimRight(octets[unix.SizeofInotifyEvent:end], "\x00"))
		events = append(events, e)
		octets = octets[end:]
	}
	return events
}

// telling are the file systems that tell of everything that happens to them: they
// are of this machine alone. On all others somebody else may write: NFS, SMB, 9p,
// FUSE, clusters; on an overlay, whoever writes to what is below it.
var telling = []int64{
	unix.EXT4_SUPER_MAGIC, unix.XFS_SUPER_MAGIC, unix.BTRFS_SUPER_MAGIC, unix.F2FS_SUPER_MAGIC,
	unix.TMPFS_MAGIC, unix.RAMFS_MAGIC, unix.MSDOS_SUPER_MAGIC, unix.EXFAT_SUPER_MAGIC,
	unix.SQUASHFS_MAGIC, unix.EROFS_SUPER_MAGIC_V1, unix.ISOFS_SUPER_MAGIC,
	zfsMagic, bcachefsMagic,
}

// These have no names in package unix.
const (
	zfsMagic      = 0x2fc12fc1
	bcachefsMagic = 0xca451a4e
)

// tellsAll reports whether inotify tells of all that happens to a file.
func tellsAll(path string) bool {
	var stat unix.Statfs_t
	if err := unix.Statfs(path, &stat); err != nil {
		return false
	}
	for _, magic := range telling {
		if int64(stat.Type)&0xffffffff == magic { //nolint:unconvert // the type differs by architecture
			return true
		}
	}
	return false
}
