#!/bin/sh
# Tidemark from cron: the month before this one, once a day. Nothing to do costs nothing, and 5 waits for tomorrow.
#   15 6 * * *  /srv/pipeline/tidemark-monthly.sh
set -u
PROJECT=${TIDEMARK_PROJECT:-/srv/pipeline}
TIDEMARK=${TIDEMARK:-tidemark}
ANALYSTS=${TIDEMARK_ANALYSTS:-analysts@example.org}
STEWARDS=${TIDEMARK_STEWARDS:-stewards@example.org}
MAIL=${TIDEMARK_MAIL:-mail}

# The 15th is in every month, so that a month less is always the one before.
PERIOD=${1:-$(date -d "$(date +%Y-%m-15) -1 month" +%Y-%m)}
LOG=$(mktemp) || exit 1
trap 'rm -f "$LOG"' EXIT

$TIDEMARK run --period "$PERIOD" --project "$PROJECT" --no-color --yes >"$LOG" 2>&1
code=$?

case $code in
  0) ;;
  3) $MAIL -s "Tidemark $PERIOD: a delivery was refused" "$ANALYSTS" <"$LOG" ;;
  4) $MAIL -s "Tidemark $PERIOD: waits for a decision" "$STEWARDS" <"$LOG" ;;
  5) logger -t tidemark "$PERIOD: not yet, tomorrow again" 2>/dev/null || true; code=0 ;;
  *) cat "$LOG" >&2 ;; # 1, 2, 130, 143: cron mails what is on stderr
esac
exit $code
