#!/bin/sh
# rclone for a test: the store is the folder STORE_FOLDER, and STORE_LOG is told of every call.
# While STORE_FAULT holds a word, calls with that word among their arguments fail.
printf '%s\n' "$*" >> "$STORE_LOG"
for word in "$@"; do
  if [ -n "$STORE_FAULT" ] && [ "$word" = "$STORE_FAULT" ]; then
    echo "2026/01/02 03:04:05 ERROR : Attempt 1/3 failed" >&2
    echo "2026/01/02 03:04:06 Failed to copy: AccessDenied: $AWS_SECRET_ACCESS_KEY is no key" >&2
    echo "	status code: 403, request id: 1" >&2
    exit 1
  fi
done
for word in "$@"; do
  shift
  case $word in :s3:*) word=$STORE_FOLDER/${word#:s3:} ;; esac
  set -- "$@" "$word"
done
exec /usr/bin/rclone "$@"
