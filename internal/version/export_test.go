package version

// FromBuildInfo is fromBuildInfo, for the tests.
var FromBuildInfo = fromBuildInfo

// Stamp sets the version as the linker would and returns a function that
// takes it back.
func Stamp(v string) (restore func()) {
	old := version
	version = v
	return func() { version = old }
}
