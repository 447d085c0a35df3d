// The documents to begin with: those of the repository.

export const EXAMPLES = [
  ['lecture', 'Lecture: the score of a window'],
  ['ridge', 'Ridge regression'],
  ['logistic', 'Logistic regression'],
  ['softmax', 'Softmax and cross-entropy'],
  ['gaussian', 'Gaussian likelihood'],
  ['two_layers', 'Two layers'],
  ['three_layers', 'Three layers'],
  ['lstm', 'LSTM cell'],
  ['attention', 'Attention'],
  ['transformer', 'Transformer block'],
];

/** A document, and the options its first line names. */
export async function example(name) {
  const answer = await fetch(`examples/${name}.gradus`);
  if (!answer.ok) throw new Error(`the example ${name} cannot be loaded: ${answer.status}`);
  const text = (await answer.text()).trimEnd();
  const [, line, rest] = text.match(/^#\|(.*)\n([^]*)$/) ?? [null, '', text];
  const options = Object.fromEntries(line.trim().split(/\s+/).filter(Boolean).map((word) => word.split('=')));
  return { document: rest, wrt: options.wrt ?? '', form: options.form ?? '', order: options.order ?? '1' };
}
