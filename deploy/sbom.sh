#!/usr/bin/env bash
# Writes what both environments are locked to as CycloneDX JSON: sbom-chat.json and sbom-dialogue.json. Needs uv and the package registry.
# usage: sbom.sh [FOLDER]
set -euo pipefail
cd "$(dirname "$0")/.."
folder=${1:-var/sbom}
mkdir -p "$folder"
uv=$(command -v uv || echo var/tools/bin/uv)
for environment in chat dialogue; do
    file=$folder/sbom-$environment.json
    "$uv" tool run --quiet --from 'cyclonedx-bom>=7.5,<8' cyclonedx-py requirements --output-reproducible \
        --output-file "$file" "deploy/locks/$environment.txt"
    echo "✓ $file"
done
