// Package probes tests the probes of the doctor against the stand-in for Aura's far
// side, on loopback.
package probes
