// Colours documents as VS Code does, with its own packages, and holds that every kind of word gets its scope.
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
const oniguruma = require('vscode-oniguruma');
const textmate = require('vscode-textmate');
const [folder, ...files] = process.argv.slice(2);
const wasm = fs.readFileSync(path.join(path.dirname(require.resolve('vscode-oniguruma')), 'onig.wasm'));
await oniguruma.loadWASM(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength));
const { contributes } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
const registry = new textmate.Registry({
  onigLib: Promise.resolve({
    createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
    createOnigString: (text) => new oniguruma.OnigString(text),
  }),
  loadGrammar: async (scope) => {
    const grammar = contributes.grammars.find((g) => g.scopeName === scope);
    if (!grammar) return null;
    const file = path.join(folder, grammar.path);
    return textmate.parseRawGrammar(fs.readFileSync(file, 'utf8'), file);
  },
});
const grammar = await registry.loadGrammar('source.gradus');

// every word of a line with its innermost scope
function coloured(lines) {
  let state = textmate.INITIAL;
  return lines.flatMap((line) => {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
    state = ruleStack;
    return tokens.map((t) => [line.slice(t.startIndex, t.endIndex).trim(), t.scopes[t.scopes.length - 1]]);
  }).filter(([word]) => word !== '');
}

function expect(tokens, word, scope) {
  const found = tokens.filter(([text]) => text === word).map(([, scope]) => scope);
  if (!found.some((s) => s.startsWith(scope))) throw new Error(`${word} has ${found.join(' and ') || 'no token'}, not ${scope}`);
}

const sample = coloured(['# a remark', '#| wrt=W', 'W: n x m symmetric', 'p = softmax(W x + b.^2)', '\\frac{1}{2} x']);
expect(sample, 'softmax', 'support.function');
expect(sample, 'symmetric', 'storage.modifier');
expect(sample, '2', 'constant.numeric');
if (!sample.some(([text, scope]) => text.includes('a remark') && scope.startsWith('comment'))) throw new Error('no comment');
let words = 0, bare = 0;
for (const file of files) {
  for (const [text, scope] of coloured(fs.readFileSync(file, 'utf8').split('\n'))) {
    words += 1;
    if (scope === 'source.gradus') {
      bare += 1;
      console.error(`${file}: ${JSON.stringify(text)} has no scope of its own`);
    }
  }
}
console.log(`${words} tokens of ${files.length} documents, ${bare} without a scope of their own`);
process.exit(words === 0 || bare > 0 ? 1 : 0);
