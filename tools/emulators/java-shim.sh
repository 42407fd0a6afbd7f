#!/bin/sh
# The `java` on the PATH of firebase-tools, which starts the Firestore emulator as `java -D… -jar JAR --host … --port …`,
# and insists on Java 21 and on its own jar.
# KB_JAVA          the real java
# KB_JAVA_PID      file for the process id of the emulator, by which the supervisor ends it in every case
# KB_EMULATOR_JAR  the jar of the Google Cloud SDK, which has no main manifest and runs on Java 11; without it the
#                  arguments stay as they are
set -eu

for argument in "$@"; do
  if [ "$argument" = -version ]; then
    if [ -z "${KB_EMULATOR_JAR:-}" ]; then exec "$KB_JAVA" "$@"; fi
    echo 'openjdk version "21" (as firebase-tools requires; answered by java-shim.sh)' >&2
    exit 0
  fi
done

if [ -n "${KB_EMULATOR_JAR:-}" ]; then
  left=$#
  while [ "$left" -gt 0 ]; do
    argument=$1
    shift
    left=$((left - 1))
    if [ "$argument" = -jar ]; then
      shift
      left=$((left - 1))
      set -- "$@" -cp "$KB_EMULATOR_JAR" com.google.cloud.datastore.emulator.firestore.CloudFirestore
    else
      set -- "$@" "$argument"
    fi
  done
fi

echo "$$" >"$KB_JAVA_PID"
# exec, so that the SIGINT of firebase-tools reaches java, and the id above is java's own.
exec "$KB_JAVA" "$@"
