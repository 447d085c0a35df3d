// What is completed beside the names of the document.

export const FUNCTIONS = 'exp log ln sqrt sin cos tan asin acos atan sinh cosh tanh sigmoid relu softplus gelu silu asinh expm1 log1p erf lgamma digamma trigamma abs sign step iszero sum prod prod_others var mean tr trace det logdet norm norm1 norm2 normF logsumexp inv diag vec skew softmax log_softmax cumsum layernorm vector matrix max leaky_relu dot inner cross_entropy mse unvec ones zeros eye tril dup unit'.split(' ');

export const ATTRIBUTES = 'scalar elementwise constant symmetric spd diagonal orthogonal invertible positive negative mask labels onehot distribution'.split(' ');

/** The names a document uses, in the order of the alphabet. */
export const namesOf = (text) =>
  [...new Set(text.match(/(?<!\\)\p{L}[\p{L}\p{N}]*(?:_(?:\{[^}\s]*\}|[\p{L}\p{N}]+))?/gu) ?? [])].sort();
