// Parses every formula of LaTeX files with KaTeX: displays and formulas within the text.
import fs from 'node:fs';
import katex from 'katex';
let formulas = 0, failed = 0;
for (const file of process.argv.slice(2)) {
  const text = fs.readFileSync(file, "utf8").replace(/^%.*$/gm, "");
  const displays = [...text.matchAll(/\\begin\{(align\*|aligned)\}[\s\S]*?\\end\{\1\}/g)].map((m) => m[0]);
  const inline = [...text.replace(/\\begin\{(align\*|aligned)\}[\s\S]*?\\end\{\1\}/g, '').matchAll(/\$([^$\n]+)\$/g)].map((m) => m[1]);
  for (const [formula, displayMode] of [...displays.map((d) => [d, true]), ...inline.map((i) => [i, false])]) {
    formulas += 1;
    try {
      katex.renderToString(formula, { displayMode, throwOnError: true, strict: 'error' });
    } catch (e) {
      failed += 1;
      console.error(`${file}: ${e.message}\n${formula}\n`);
    }
  }
}
console.log(`${formulas} formulas of ${process.argv.length - 2} files parsed by KaTeX, ${failed} failed`);
process.exit(failed || formulas === 0 ? 1 : 0);
