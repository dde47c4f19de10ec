package cloudadmin

import "errors"

func MayHaveBeenMade(err error) bool {
	var f *connectionFailure
	var u *UnexpectedAnswerError
	return errors.As(err, &f) || errors.As(err, &u)
}
func IsNotModified(err error) bool { return hasStatus(err, 304) }
