#!/bin/sh
# In the build of an image, the checkout at /src: what SERVICE needs to run, and no more, into /out.
#   assemble.sh SERVICE → /out/modules: its production dependencies; /out/source: its workspace and those it depends on
# Two folders for two layers: the first changes with package-lock.json only.
set -eu
service=$1
[ -f "/src/$service/src/main.ts" ] || { echo "there is no service '$service': docker build --build-arg SERVICE=…" >&2; exit 1; }
(cd /src && find . -name 'package*.json' -exec cp --parents '{}' /app ';')
# No dependency needs a script of its own: native code comes as packages for each platform.
npm ci --workspace "$service" --omit=dev --ignore-scripts --no-audit --no-fund

mkdir -p /out/modules /out/source
# npm has linked the workspaces that this one depends on, and only these: so nobody keeps a list.
for link in node_modules/@image-organizer/*; do
  workspace=$(realpath --relative-to=. "$link")
  (cd /src && cp -r --parents "$workspace" /out/source)
  # A dependency in two versions: npm keeps one inside the workspace.
  if [ -d "$workspace/node_modules" ]; then cp -r --parents "$workspace/node_modules" /out/modules; fi
done
mv node_modules /out/modules
chmod -R a+rX /out/source # for uid 1000, however private the checkout is
