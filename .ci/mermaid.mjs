// Reads flowcharts with Mermaid.
import fs from 'node:fs';
import { JSDOM } from 'jsdom';
const page = new JSDOM('<!DOCTYPE html><body></body>');
globalThis.window = page.window;
globalThis.document = page.window.document;
const { default: mermaid } = await import('mermaid');
const files = process.argv.slice(2);
for (const file of files) {
  const { diagramType } = await mermaid.parse(fs.readFileSync(file, 'utf8'));
  if (!diagramType.startsWith('flowchart')) throw new Error(`${file}: ${diagramType}`);
}
console.log(`${files.length} flowcharts read by Mermaid`);
process.exit(files.length === 0 ? 1 : 0);
