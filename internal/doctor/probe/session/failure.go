package session

import (
	"context"
	"errors"
	"reflect"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/auralink/auralink/internal/doctor"
	"github.com/auralink/auralink/internal/doctor/probe/dial"
)

// describe returns Neo4j's code of an error, if it has one, and the error in words.
func describe(err error) (code, text string) {
	var failure *neo4j.Neo4jError
	if errors.As(err, &failure) {
		return failure.Code, failure.Msg
	}
	return "", err.Error()
}

// outcomeOf says what became of an attempt. The driver's errors have one another inside
// without Unwrap.
func outcomeOf(err error) doctor.Outcome {
	for err != nil {
		if outcome := dial.Outcome(err); outcome != doctor.Failed {
			return outcome
		}
		next := inside(err)
		if next == nil {
			break
		}
		err = next
	}
	switch {
	case err == nil:
		return doctor.Connected
	case errors.Is(err, context.DeadlineExceeded):
		return doctor.TimedOut
	default:
		return doctor.Failed
	}
}

// inside returns the error that an error of the driver has in one of its fields, or nil.
func inside(err error) error {
	value := reflect.ValueOf(err)
	if value.Kind() == reflect.Pointer {
		value = value.Elem()
	}
	if value.Kind() != reflect.Struct {
		return nil
	}
	for _, field := range value.Fields() {
		if !field.CanInterface() {
			continue
		}
		if inner, is := field.Interface().(error); is && inner != nil {
			return inner
		}
	}
	return nil
}
