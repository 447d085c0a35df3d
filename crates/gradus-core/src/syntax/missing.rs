//! What other systems have by a known name and gradus lacks: each name points to what there is instead.

/// What to write instead, and the names NumPy, SciPy, PyTorch, JAX, MATLAB, Julia, Mathematica and statisticians use.
const MISSING: &[(&str, &[&str])] = &[
    (
        "write 1 / tanh(x)",
        &["coth"],
    ),
    (
        "write 1 / sin(x)",
        &["csc"],
    ),
    (
        "write 1 / cos(x)",
        &["sec"],
    ),
    (
        "write cos(x) / sin(x)",
        &["cot"],
    ),
    (
        "write 1 / cosh(x)",
        &["sech"],
    ),
    (
        "write 1 / sinh(x)",
        &["csch"],
    ),
    (
        "write log(x + sqrt(x^2 - 1)) entry by entry",
        &["acosh", "arccosh", "arcosh"],
    ),
    (
        "write 1/2 log((1 + x) ./ (1 - x))",
        &["atanh", "arctanh", "artanh"],
    ),
    (
        "write atan(y ./ x) where x is positive",
        &["atan2", "arctan2"],
    ),
    (
        "write sqrt(a.^2 + b.^2)",
        &["hypot"],
    ),
    (
        "write exp(x log(2))",
        &["exp2", "pow2"],
    ),
    (
        "write x.^(1/3) of positive entries",
        &["cbrt"],
    ),
    (
        "write sin(π x) / (π x)",
        &["sinc"],
    ),
    (
        "write log(p ./ (1 - p))",
        &["logit"],
    ),
    (
        "write π/180 x",
        &["deg2rad", "radians"],
    ),
    (
        "write 180/π x",
        &["rad2deg", "degrees"],
    ),
    (
        "write log(exp(a) + exp(b))",
        &["logaddexp"],
    ),
    (
        "write (x > 0) as step(x)",
        &["heaviside"],
    ),
    (
        "write sum(x) of a vector, or X ones(n)",
        &["total", "Total", "Plus"],
    ),
    (
        "write x^k, or x.^k for every entry",
        &["Power", "Pow", "float_power", "mpower"],
    ),
    (
        "write A B",
        &["chain_matmul", "multi_dot", "bmm", "Dot", "tensordot", "baddbmm", "addmm"],
    ),
    (
        "write a^T b for vectors, tr(A^T B) for matrices",
        &["Inner", "InnerProduct"],
    ),
    (
        "write a b^T",
        &["Outer", "outer_product", "ger"],
    ),
    (
        "write A ⊗ B",
        &["kronecker", "Kron", "krons"],
    ),
    (
        "write A ∘ B",
        &["Times", "mul", "prod_elementwise", "times"],
    ),
    (
        "write A + B",
        &["add", "plus", "Sum_of"],
    ),
    (
        "write A - B",
        &["subtract", "minus", "sub"],
    ),
    (
        "write A ./ B",
        &["true_divide", "rdivide", "ldivide", "div"],
    ),
    (
        "write X^T",
        &["ConjugateTranspose", "ctranspose", "swapaxes", "permute", "permutedims", "moveaxis"],
    ),
    (
        "write -x",
        &["negative", "neg", "Minus"],
    ),
    (
        "write diag(x), or diag(X) for the diagonal",
        &["diagonal", "Diagonal", "DiagonalMatrix", "diagm", "diag_embed", "diagflat"],
    ),
    (
        "write vec(X): columns are stacked",
        &["ravel", "flatten", "Flatten", "reshape", "Reshape", "view"],
    ),
    (
        "write unvec(v, n, m)",
        &["unflatten", "ArrayReshape"],
    ),
    (
        "write [A; B]",
        &["vstack", "vcat", "stack", "row_stack"],
    ),
    (
        "write [A, B]",
        &["hstack", "hcat", "concatenate", "concat", "cat", "Join", "column_stack", "block"],
    ),
    (
        "blocks are written [A, zeros(n, m); zeros(m, n), B]",
        &["blkdiag", "block_diag", "BlockDiagonalMatrix"],
    ),
    (
        "write ones(n) x^T, or declare the sizes",
        &["repmat", "tile", "repeat", "broadcast_to", "expand"],
    ),
    (
        "write sum(X, rows) / m",
        &["average"],
    ),
    (
        "gradus takes the function and derives it: grad(f, x) before a whole statement asks for it",
        &["diff", "grad", "gradient", "jacobian", "Jacobian", "hessian", "Hessian", "jacrev", "jacfwd", "vjp", "jvp", "derivative", "D", "Grad", "autograd", "backward"],
    ),
    (
        "the pseudo-inverse has no rule; where X has full column rank it is (X^T X)^-1 X^T",
        &["pinv", "PseudoInverse", "pinvh"],
    ),
    (
        "it is piecewise constant and has no useful derivative",
        &["rank", "argmin", "argmax", "argsort", "MatrixRank", "matrix_rank", "floor", "ceil", "round", "rint", "fix", "trunc", "Floor", "Ceiling", "Round", "count_nonzero", "nnz", "bincount", "histogram", "digitize", "searchsorted", "ArgMax", "ArgMin", "Ordering"],
    ),
    (
        "the matrix exponential has no rule yet; exp works entry by entry",
        &["expm", "MatrixExp", "matrix_exp"],
    ),
    (
        "the matrix logarithm has no rule yet; log works entry by entry",
        &["logm", "MatrixLog", "matrix_log"],
    ),
    (
        "the matrix square root has no rule yet; sqrt works entry by entry",
        &["sqrtm", "MatrixSqrt", "MatrixPower"],
    ),
    (
        "functions of matrices have no rule yet",
        &["funm", "MatrixFunction", "signm", "cosm", "sinm", "tanm"],
    ),
    (
        "decompositions are not in the language",
        &["chol", "eig", "svd", "SingularValueDecomposition", "svdvals", "singular_values", "SingularValueList", "eigh", "eigs", "eigvals", "eigvalsh", "eigen", "Eigenvalues", "Eigenvectors", "Eigensystem", "eigenvalues", "eigmax", "eigmin", "cholesky", "Cholesky", "CholeskyDecomposition", "cho_factor", "cho_solve", "qr", "QRDecomposition", "lu", "LUDecomposition", "lu_factor", "lu_solve", "ldl", "schur", "SchurDecomposition", "hess", "hessenberg", "polar", "ldlt", "bidiagonal", "jordan", "JordanDecomposition", "qz", "gsvd", "nullspace", "null", "NullSpace", "orth", "null_space"],
    ),
    (
        "write X^-1 b",
        &["lstsq", "LeastSquares", "LinearSolve", "linsolve", "mldivide", "ldivide_matrix", "triangular_solve", "solve_triangular", "lsqr", "spsolve", "cg"],
    ),
    (
        "write the adjugate as det(X) X^-1",
        &["adj", "adjugate", "adjoint", "Adjugate", "cofactor"],
    ),
    (
        "the permanent has no rule",
        &["perm", "Permanent", "permanent"],
    ),
    (
        "write logdet(X)",
        &["slogdet"],
    ),
    (
        "condition numbers have no rule",
        &["cond", "ConditionNumber"],
    ),
    (
        "write ‖X‖_F, ‖x‖_1, ‖x‖_2, ‖x‖_p",
        &["Norm", "vecnorm", "matrix_norm", "vector_norm", "opnorm", "nuclear_norm"],
    ),
    (
        "write x / ‖x‖",
        &["normalize", "Normalize", "unitvec"],
    ),
    (
        "largest entries have no rule; logsumexp(x) is smooth, max(a, b) compares two",
        &["amin", "nanmax", "nanmin", "cummax", "cummin", "topk", "kthvalue", "Max", "Min", "ptp"],
    ),
    (
        "sorting has no rule",
        &["sort", "Sort", "sorted", "median", "Median", "quantile", "percentile", "Quantile", "mode", "nanmedian", "msort", "unique"],
    ),
    (
        "write sum((x - mean(x)).^2) / n",
        &["var", "Variance", "variance", "nanvar"],
    ),
    (
        "write sqrt(sum((x - mean(x)).^2) / n)",
        &["std", "StandardDeviation", "stdev", "nanstd"],
    ),
    (
        "write (X - ones(n) m^T)^T (X - ones(n) m^T) / n",
        &["cov", "Covariance", "corrcoef", "Correlation", "corr", "cor", "xcorr", "cross_correlation"],
    ),
    (
        "products of all entries have no rule; write exp(sum(log(x))) of positive entries",
        &["prod", "product", "Product", "cumprod", "nanprod"],
    ),
    (
        "write cumsum(x)",
        &["Accumulate", "accumulate"],
    ),
    (
        "differences of neighbours are a matrix D x",
        &["ediff1d", "Differences", "del2", "laplacian", "Laplacian"],
    ),
    (
        "convolutions have no rule; a circulant or Toeplitz matrix C x is one",
        &["conv", "convolve", "conv1d", "conv2d", "Convolve", "ListConvolve", "correlate", "convn", "filter", "filter2", "toeplitz", "ToeplitzMatrix", "circulant", "hankel", "HankelMatrix", "vander"],
    ),
    (
        "Fourier transforms are complex, and complex variables are not in the language",
        &["fft", "ifft", "fft2", "ifft2", "rfft", "irfft", "fftn", "fftshift", "Fourier", "InverseFourier", "FourierTransform", "dct", "idct", "stft", "dft"],
    ),
    (
        "complex variables are not in the language: write real and imaginary parts as variables of their own",
        &["conj", "Conjugate", "conjugate", "conjugate_transpose", "real", "imag", "Re", "Im", "angle", "Arg", "phase", "isreal", "adjoint_complex", "hermitian"],
    ),
    (
        "this special function has no rule",
        &["gamma", "Gamma", "gammaln", "lgamma", "loggamma", "LogGamma", "digamma", "polygamma", "PolyGamma", "psi_function", "beta_function", "betaln", "Beta", "besselj", "bessely", "besseli", "besselk", "BesselJ", "jv", "iv", "kv", "airy", "zeta", "Zeta", "erfinv", "InverseErf", "erfcinv", "ndtri", "expint", "ExpIntegralE", "li2", "polylog", "PolyLog", "hyp2f1", "ellipk", "ellipe", "factorial", "Factorial", "binomial", "Binomial", "nchoosek", "comb", "lambertw", "LambertW", "ProductLog", "legendre", "hermite", "chebyshev"],
    ),
    (
        "write 1 - erf(x)",
        &["erfc", "Erfc"],
    ),
    (
        "write (1 + erf(x / sqrt(2))) / 2",
        &["normcdf", "ndtr", "norm_cdf", "Phi_cdf"],
    ),
    (
        "write its density",
        &["normpdf", "mvnpdf", "pdf", "PDF", "logpdf", "cdf", "CDF", "multivariate_normal", "normal", "gaussian"],
    ),
    (
        "what is random has no derivative here: name the sample",
        &["rand", "randn", "random", "uniform", "normal_sample", "randint", "randperm", "bernoulli", "dropout", "Dropout", "sample", "RandomReal", "RandomVariate", "multinomial", "poisson", "exponential"],
    ),
    (
        "write cross_entropy(y, p), or cross_entropy(y, softmax(z))",
        &["CrossEntropyLoss", "crossentropy", "nll_loss", "NLLLoss", "cross_entropy_loss", "softmax_cross_entropy", "softmax_cross_entropy_with_logits", "sparse_categorical_crossentropy", "categorical_crossentropy", "CE"],
    ),
    (
        "write -sum(y ∘ log(p) + (1 - y) ∘ log(1 - p))",
        &["bce", "binary_cross_entropy", "BCELoss", "binary_crossentropy", "BCE"],
    ),
    (
        "write sum(softplus(z) - y ∘ z)",
        &["bce_with_logits", "binary_cross_entropy_with_logits", "BCEWithLogitsLoss", "sigmoid_cross_entropy_with_logits"],
    ),
    (
        "write mse(a, b)",
        &["mse_loss", "MSELoss", "MSE", "mean_squared_error"],
    ),
    (
        "write norm1(a - b) / n",
        &["l1_loss", "L1Loss", "mae", "MAE", "mean_absolute_error"],
    ),
    (
        "write huber(a - b, 1)",
        &["smooth_l1_loss", "SmoothL1Loss", "huber_loss", "HuberLoss"],
    ),
    (
        "write hinge(y, z)",
        &["hinge_loss", "hinge_embedding_loss"],
    ),
    (
        "write sum(p ∘ log(p ./ q))",
        &["kl_div", "KLDivLoss", "kl", "kl_divergence", "KL", "relative_entropy", "kld"],
    ),
    (
        "write -sum(p ∘ log(p))",
        &["entropy", "Entropy"],
    ),
    (
        "write a^T b / (‖a‖ ‖b‖)",
        &["cosine_similarity", "cos_sim", "CosineSimilarity", "CosineDistance"],
    ),
    (
        "write ‖a - b‖",
        &["pairwise_distance", "cdist", "pdist", "EuclideanDistance", "dist", "distance", "euclidean", "SquaredEuclideanDistance"],
    ),
    (
        "write the slope out: max(x, 0) + α (exp(min(x, 0)) - 1)",
        &["elu", "ELU", "selu", "SELU", "celu"],
    ),
    (
        "write x ∘ tanh(softplus(x))",
        &["mish", "Mish"],
    ),
    (
        "write relu(x) - a relu(-x)",
        &["LeakyReLU", "prelu", "PReLU"],
    ),
    (
        "write clip(x/6 + 1/2, 0, 1)",
        &["hardsigmoid", "hard_sigmoid", "Hardsigmoid"],
    ),
    (
        "write clip(x, -1, 1)",
        &["hardtanh", "Hardtanh", "hard_tanh"],
    ),
    (
        "write min(relu(x), 6)",
        &["relu6", "ReLU6"],
    ),
    (
        "write x ./ (1 + abs(x))",
        &["softsign", "Softsign"],
    ),
    (
        "write x - clip(x, -a, a)",
        &["softshrink", "hardshrink", "soft_threshold", "SoftThreshold"],
    ),
    (
        "write log(sigmoid(x))",
        &["logsigmoid", "log_sigmoid", "LogSigmoid"],
    ),
    (
        "write softmax(x / T)",
        &["gumbel_softmax", "softmin", "sparsemax", "entmax"],
    ),
    (
        "write a ∘ sigmoid(b)",
        &["glu", "GLU", "swiglu", "geglu"],
    ),
    (
        "write layernorm(x)",
        &["LayerNorm", "layer_norm"],
    ),
    (
        "normalisation over a batch is written out: (x - mean(x)) / sqrt(v + ε)",
        &["batch_norm", "BatchNorm", "BatchNorm1d", "batchnorm", "instance_norm", "group_norm", "rms_norm", "RMSNorm", "RMSnorm"],
    ),
    (
        "layers are written out: W x + b",
        &["linear", "Linear", "Dense", "dense", "Conv2d", "embedding", "Embedding", "MultiheadAttention", "attention", "scaled_dot_product_attention", "LSTM", "GRU", "RNN", "MaxPool", "max_pool2d", "avg_pool2d", "maxpool"],
    ),
    (
        "choices are written with cases or step(x)",
        &["where", "Piecewise", "piecewise", "If", "select", "choose", "ifelse", "masked_fill", "cond_expr", "UnitStep", "Boole", "HeavisideTheta", "KroneckerDelta", "DiscreteDelta"],
    ),
    (
        "relations have no value here: step(a - b) is 1 where a > b",
        &["greater", "less", "equal", "isclose", "allclose", "isnan", "isinf", "isfinite", "logical_and", "logical_or", "logical_not", "any", "all", "nonzero", "find"],
    ),
    (
        "indices are not in the language yet: write slices x[1..3] or matrices of zeros and ones",
        &["take", "gather", "scatter", "index_select", "einsum", "Einsum", "tensordot_axes", "TensorContract", "Part", "getindex", "slice", "narrow", "roll", "flip", "fliplr", "flipud", "rot90", "triu", "tril_of", "tril_indices", "shift", "circshift"],
    ),
    (
        "write tril(n) for the triangle of ones",
        &["UpperTriangularize", "LowerTriangularize"],
    ),
    (
        "write zeros(n, m)",
        &["zeros_like", "empty", "empty_like", "ConstantArray"],
    ),
    (
        "write ones(n, m)",
        &["ones_like", "full", "full_like", "fill"],
    ),
    (
        "write eye(n)",
        &["IdentityMatrix", "identity_matrix", "speye"],
    ),
    (
        "ranges have no values here",
        &["arange", "linspace", "logspace", "range", "Range", "meshgrid", "ndgrid", "colon"],
    ),
    (
        "integrals, limits and solutions are not in the language",
        &["integrate", "Integrate", "quad", "trapz", "integral", "int", "Limit", "limit", "solve_ivp", "odeint", "ode45", "NDSolve", "DSolve", "fsolve", "root", "minimize", "fmin", "fminsearch", "optimize", "FindRoot", "NMinimize", "linprog", "quadprog", "interp1", "interpolate", "polyfit", "polyval", "roots", "cumtrapz", "simps", "nsolve", "sum_over", "summation", "Summation"],
    ),
    (
        "the trace is tr(A)",
        &["Tr_of"],
    ),
    (
        "write ‖x‖^2",
        &["sqnorm", "sumsq", "sum_of_squares", "SquaredNorm"],
    ),
    (
        "cross products are written a × b",
        &["Cross"],
    ),
    (
        "write skew matrices out: [0, -c, b; c, 0, -a; -b, a, 0]",
        &["skew", "hat_map", "skewsymm", "wedge", "vee"],
    ),
    (
        "projections are written out: A (A^T A)^-1 A^T x",
        &["proj", "Projection", "project"],
    ),
    (
        "proximal and projection operators have no rule",
        &["prox", "projsplx", "proj_simplex"],
    ),
    (
        "vech has no rule yet; vec(X) stacks all columns",
        &["vech", "svec", "duplication_matrix", "elimination_matrix"],
    ),
    (
        "sets have no derivative",
        &["union", "intersection", "setdiff", "Union", "Intersection", "Complement", "unique_elements"],
    ),
];

/// What to write instead of a function that gradus does not have.
pub(super) fn missing(name: &str) -> Option<&'static str> {
    MISSING.iter().find(|(_, names)| names.contains(&name)).map(|(advice, _)| *advice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_is_missing_and_there() {
        for name in MISSING.iter().flat_map(|(_, names)| *names) {
            assert!(super::super::functions::signature(name).is_none(), "{name}");
            assert!(!super::super::program_text::is_operator(name), "{name}");
        }
    }
}
