// Builds editor.min.js, and editor.licences.txt with the licences of what is in it. `make editor` runs this in a
// temporary folder, with what package-lock.json names.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

const { metafile } = await build({
  bundle: true,
  entryPoints: ["src/main.js"],
  format: "iife",
  legalComments: "none",
  metafile: true,
  minify: true,
  outfile: "editor.min.js",
  target: "es2022",
});

const inside = new Set();
for (const [path, { bytesInOutput }] of Object.entries(Object.values(metafile.outputs)[0].inputs)) {
  const [, name] = /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path) ?? [];
  if (name && bytesInOutput) inside.add(name);
}

const licences = [...inside].sort().map((name) => {
  const folder = `node_modules/${name}`;
  const { version, license } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
  const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
  const text = file ? readFileSync(`${folder}/${file}`, "utf8").replaceAll("\r\n", "\n").trim() : "";
  return `${name} ${version} (${license})\n\n${text}\n`;
});
writeFileSync("editor.licences.txt", licences.join(`\n${"-".repeat(72)}\n\n`));
