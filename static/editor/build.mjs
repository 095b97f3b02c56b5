// Builds editor.min.js, rich_paste.min.js which it loads when needed, and editor.licences.txt with the licences of what is
// in them. `make editor` runs this in a temporary folder, with what package-lock.json names.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

const common = { bundle: true, legalComments: "none", metafile: true, minify: true, target: "es2022" };
const inside = new Set();

async function make(entry, outfile, format) {
  const { metafile } = await build({ ...common, entryPoints: [entry], format, outfile });
  for (const [path, { bytesInOutput }] of Object.entries(Object.values(metafile.outputs)[0].inputs)) {
    const [, name] = /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path) ?? [];
    if (name && bytesInOutput) inside.add(name);
  }
}

await make("src/main.js", "editor.min.js", "iife");
await make("src/rich_paste.js", "rich_paste.min.js", "esm");

const licences = [...inside].sort().map((name) => {
  const folder = `node_modules/${name}`;
  const { version, license } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
  const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
  const text = file ? readFileSync(`${folder}/${file}`, "utf8").replaceAll("\r\n", "\n").trim() : "";
  return `${name} ${version} (${license})\n\n${text}\n`;
});
writeFileSync("editor.licences.txt", licences.join(`\n${"-".repeat(72)}\n\n`));
