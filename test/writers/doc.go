// Package writers tries how files are written: by editors and tools, and by writers
// that pause, are killed, or run out of disk. What is served meanwhile must never
// lead a name to another region, nor to an address that no version of the file has.
package writers
