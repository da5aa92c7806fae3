package peers

// CopyProgram is what keeps a server from being confined by its path.
var CopyProgram = copyProgram
