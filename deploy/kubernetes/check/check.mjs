// node check.mjs FILE...: checks Kubernetes manifests against the API's schemas, offline. Two checks, since each sees what the other does not:
// the validators know types, ranges and required fields; the TypeScript types know every field, so that a misspelt one is an error.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createRequire } from "node:module";
import ts from "typescript";
import { parseAllDocuments } from "yaml";

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);
const groups = { "policy/v1": "policy/v1", "batch/v1": "batch/v1", "apps/v1": "apps/v1", "autoscaling/v2": "autoscaling/v2", "networking.k8s.io/v1": "networking.k8s.io/v1", v1: "v1" };
const problems = [];
const lines = [];
let count = 0;

for (const file of process.argv.slice(2)) {
  for (const document of parseAllDocuments(readFileSync(file, "utf8"))) {
    document.errors.forEach((e) => problems.push(`${file}: ${e.message}`));
    const manifest = document.toJS();
    const { apiVersion, kind, metadata } = manifest ?? {};
    if (!groups[apiVersion]) {
      problems.push(`${file}: apiVersion ${apiVersion} is not one that this check knows`);
      continue;
    }

    const module = `kubernetes-models/${groups[apiVersion]}/${kind}`;
    try {
      new (require(module)[kind])(manifest).validate();
    } catch (e) {
      problems.push(`${file}: ${kind} ${metadata?.name}: ${e.message}`);
    }

    lines.push(`import type { I${kind} as T${count} } from "${module}"; export const m${count}: T${count} = ${JSON.stringify(manifest)};`);
    count++;
  }
}

const typed = join(here, "manifests.generated.ts");
writeFileSync(typed, lines.join("\n"));
const program = ts.createProgram([typed], { noEmit: true, strict: true, skipLibCheck: true, module: ts.ModuleKind.Node16, moduleResolution: ts.ModuleResolutionKind.Node16, types: [] });
for (const d of ts.getPreEmitDiagnostics(program)) problems.push(ts.flattenDiagnosticMessageText(d.messageText, " "));

problems.forEach((p) => console.error(p));
console.log(`${count} manifests, ${problems.length} problems`);
process.exit(problems.length === 0 && count > 0 ? 0 : 1);
