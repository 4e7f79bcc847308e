# Runs a step's script in a separate process group, for at most $limit seconds. The script's standard output may be secret and is printed only
# if the script succeeds, because the user sees everything that a failing command prints. The script's standard error is its progress: after a
# failure its last lines are printed. This file runs on the executor and needs only bash, coreutils and util-linux. $1 is the step's name. Standard input contains this
# file, then the script: the script's shell reads on from the end of this file.
set -eu
umask 077

# Both streams go to deleted files: however this shell ends, nothing of them remains.
file=$(mktemp)
exec 3>"$file" 4<"$file"
rm "$file"
file=$(mktemp)
exec 5>"$file" 6<"$file"
rm "$file"

# The guard is a process that starts the script. It ends the script's whole process group at the time limit, on a signal, and when this shell
# is gone (then the kernel sends a signal). The group gets one signal, and then 10 seconds in which the script can clean up undisturbed. The
# guard sets its traps before it starts the script.
guard='
  [ "$PPID" = "$3" ] || exit 143
  end() {
    script=${script:-$!}
    kill -TERM -- "-$script" || kill -TERM "$script"
    for _ in {1..100}; do
      kill -0 -- "-$script" || break
      sleep 0.1
    done
    kill -KILL -- "-$script"
  } 2>/dev/null
  trap "trap : TERM ALRM; kill -TERM 0" EXIT
  trap "end; exit 143" TERM
  trap "echo \"Step \$1 was ended after \$2 seconds, which is its time limit. Its last lines:\" >&2; end; exit 124" ALRM
  setsid bash -s -- "$1" <&7 >&3 2>&5 3>&- 5>&- 7<&- &
  script=$!
  { sleep "$2" && kill -ALRM "$$"; } >/dev/null 2>&1 3>&- 5>&- 7<&- &
  status=0
  wait "$script" || status=$?
  [ "$status" = 0 ] || echo "Step $1 failed with exit status $status. Its last lines:" >&2
  kill -KILL -- "-$script" 2>/dev/null # what the script left running
  exit "$status"
'
exec 7<&0
setsid setpriv --pdeathsig TERM bash -c "$guard" guard "$1" "$limit" "$$" </dev/null >/dev/null 4<&- 6<&- &
guard=$!
exec 7<&-
# tail does not use inotify, which cannot watch a deleted file.
[ "$progress" = false ] || tail -n +1 -s 0.5 -f ---disable-inotify --pid="$guard" /dev/fd/6 >&2 2>/dev/null 3>&- 4<&- 5>&- &
trap 'kill "$guard" 2>/dev/null || true; wait "$guard" || true; exit 143' HUP INT TERM

status=0
wait "$guard" || status=$?
if [ "$status" = 0 ]; then
  cat <&4
  exit
fi
lines=$(tail -n 20 <&6 | cut -b 1-1000)
printf '%s\n' "${lines:-(it printed none)}" >&2
exit "$status"
