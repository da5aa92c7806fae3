package tlsprobe

import "fmt"

// alertWarning is the level of an alert that does not end the connection.
const alertWarning = 1

// Alert is the description in an alert of the server (RFC 8446, section 6).
type Alert uint8

// AlertUnrecognizedName is sent by a server that knows no such name (RFC 6066,
// section 3).
const AlertUnrecognizedName Alert = 112

var alerts = map[Alert]string{
	0: "close_notify", 10: "unexpected_message", 20: "bad_record_mac", 22: "record_overflow",
	40: "handshake_failure", 42: "bad_certificate", 43: "unsupported_certificate",
	44: "certificate_revoked", 45: "certificate_expired", 46: "certificate_unknown",
	47: "illegal_parameter", 48: "unknown_ca", 49: "access_denied", 50: "decode_error",
	51: "decrypt_error", 70: "protocol_version", 71: "insufficient_security", 80: "internal_error",
	86: "inappropriate_fallback", 90: "user_canceled", 100: "no_renegotiation",
	109: "missing_extension", 110: "unsupported_extension", AlertUnrecognizedName: "unrecognized_name",
	113: "bad_certificate_status_response", 115: "unknown_psk_identity",
	116: "certificate_required", 120: "no_application_protocol",
}

// String returns the alert's name in the RFC.
func (a Alert) String() string {
	if name, known := alerts[a]; known {
		return name
	}
	return fmt.Sprintf("alert %d", uint8(a))
}

// AlertError is the error of a handshake that the server ended by an alert.
type AlertError struct{ Alert Alert }

// Error says which alert it was.
func (e *AlertError) Error() string { return fmt.Sprintf("the server ended it: %s", e.Alert) }
