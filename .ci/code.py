#!/usr/bin/env python3
"""Runs generated code: every case for NumPy and JAX, against the values in the case files.

    code.py BINARY --cases DIR|--examples DIR --target numpy [--floor N] [--show N] [--every K]
"""
import argparse
import collections
import concurrent.futures
import glob
import inspect
import json
import os
import re
import subprocess
import sys
import warnings

TOLERANCE = 1e-9
FILES = 'nn la sc ew tex mc nrm tr det sym ml jac hes idx forms paste'.split()


def rows(args):
    for name in FILES:
        with open(os.path.join(args.cases, name + '.jsonl'), encoding='utf-8') as lines:
            for line in filter(str.strip, lines):
                row = json.loads(line)
                if row.get('accept') != 'refuse' and row.get('expected') is not None and row.get('values') is not None:
                    yield row


def generate(binary, row, target):
    """The text of the file, or why there is none."""
    order, form = row.get('order', 1), row.get('form', 'shape')
    argv = [binary, 'code', '-', '--target', target, '--no-check']
    if not row.get('wrt_in_text'):
        argv += ['--wrt', ','.join(row['wrt'])] if row.get('wrt') else []
        argv += ['--order', str(order)]
    argv += ['--form', form] if order == 1 else []
    argv += ['--of', row['of']] if 'of' in row else []
    try:
        run = subprocess.run(argv, input=row['document'].encode(), capture_output=True, timeout=60)
    except subprocess.TimeoutExpired:
        return None, 'timed out'
    if run.returncode:
        return None, run.stderr.decode().strip().split('\n')[0]
    return run.stdout.decode(), None


def plain(name):
    """One spelling of a name: W1 is W_1, braces and blanks do not count."""
    name = re.sub(r'[{}\s]', '', name)
    return re.sub(r'^([^\W\d_]+)(\d+)$', r'\1_\2', name)


class Skip(Exception):
    pass


def functions(library):
    """Each function with its derivatives."""
    np = library
    sigmoid = lambda x: 0.5 * (1 + np.tanh(0.5 * x))
    softplus = lambda x: np.maximum(x, 0) + np.log1p(np.exp(-abs(x)))
    t, s = np.tanh, sigmoid
    return {
        'tanh': [t, lambda x: 1 - t(x)**2, lambda x: -2 * t(x) * (1 - t(x)**2), lambda x: (6 * t(x)**2 - 2) * (1 - t(x)**2)],
        'sin': [np.sin, np.cos, lambda x: -np.sin(x), lambda x: -np.cos(x)],
        'cos': [np.cos, lambda x: -np.sin(x), lambda x: -np.cos(x), np.sin],
        'exp': [np.exp] * 4,
        'sigmoid': [s, lambda x: s(x) * (1 - s(x)), lambda x: s(x) * (1 - s(x)) * (1 - 2 * s(x))],
        'softplus': [softplus, s, lambda x: s(x) * (1 - s(x))],
        'relu': [lambda x: np.maximum(x, 0), lambda x: (x > 0) * 1.0, lambda x: 0 * x],
    }


def bound(parameter, values, table):
    """What is handed over for a function `f`, `df`, `d2f`, or for a size."""
    found = re.fullmatch(r'(?:d(\d*))?(.+)', parameter)
    for order, name in ((0, parameter), (int(found.group(1) or 1), found.group(2)) if parameter.startswith('d') else (0, '')):
        for key in values:
            if plain(key) == plain(name) and isinstance(values[key], str):
                slopes = table[values[key]]
                if order < len(slopes):
                    return slopes[order]
    for key, value in values.items():
        if plain(key) == plain(parameter) and isinstance(value, int):
            return value
    raise Skip('no value for ' + parameter)


def arguments(module, values, table, np, asarray):
    signature = inspect.signature(module['value_and_grad'])
    given, keywords = [], {}
    of = {plain(key): value for key, value in values.items()}
    names = iter(module['INPUTS'])
    for parameter in signature.parameters.values():
        if parameter.kind == parameter.KEYWORD_ONLY:
            keywords[parameter.name] = bound(parameter.name, values, table)
            continue
        name = plain(next(names))
        if name not in of:
            raise Skip('no value for ' + name)
        value = np.array(of[name], dtype=float)
        sides = len(re.findall(r'"%s", %s, "([^"]*)"' % ((re.escape(parameter.name),) * 2), module['TEXT'])[0].split())
        if value.ndim == 2 and sides == 1 and 1 in value.shape:
            value = value.reshape(-1)
        if sides == 0:
            value = value.reshape(())
        given.append(asarray(value))
    return given, keywords


def result(row, derivatives):
    """The derivative that the case asks for."""
    order, want = row.get('order', 1), [plain(w) for w in row.get('wrt') or []]
    if len(derivatives) == 1:
        return next(iter(derivatives.values())), False
    keys = {tuple(plain(k) for k in ([key] if isinstance(key, str) else key)): key for key in derivatives}
    if order == 2 and len(want) == 1:
        want = want * 2
    if tuple(want) in keys:
        return derivatives[keys[tuple(want)]], False
    if tuple(want[::-1]) in keys:
        return derivatives[keys[tuple(want[::-1])]], True
    raise Skip('no derivative by %s among %s' % (want, list(derivatives)))


def compare(np, got, swapped, want):
    got, want = np.asarray(got, dtype=float), np.asarray(want, dtype=float)
    got = got.T if swapped else got
    if got.size != want.size:
        return 'the result is %s, expected %s' % (got.shape, want.shape)
    if got.shape != want.shape and sorted(set(got.shape) - {1}) != sorted(set(want.shape) - {1}):
        return 'the result is %s, expected %s' % (got.shape, want.shape)
    scale = np.abs(want).max() or 1.0
    error = np.abs(got.reshape(want.shape) - want).max() / scale
    return None if error <= TOLERANCE else 'relative error %.2g' % error


def run(row, text, np, table, asarray, check):
    module = {'TEXT': text}
    exec(compile(text, row['id'] + '.py', 'exec'), module)
    given, keywords = arguments(module, row['values'], table, np, asarray)
    value, derivatives = module['value_and_grad'](*given, **keywords)
    got, swapped = result(row, derivatives)
    reason = compare(np, got, swapped, row['expected'])
    if reason is None and 'value' in row and isinstance(row['value'], (int, float)):
        reason = compare(np, value, False, row['value'])
    far = None
    if check and reason is None and 'check_gradient' in module:
        far = max(module['check_gradient'](*given, **keywords).values())
    return reason, far


def prepared(row, numpy_text):
    """What a function without names is handed: sizes by name, arguments in order, functions by name."""
    import numpy as np
    module, seen = {'TEXT': numpy_text}, {}
    exec(compile(numpy_text, row['id'], 'exec'), module)
    own = module['_arrays']

    def arrays(sizes, *given):
        out = own(sizes, *given)
        seen.update(out[1])
        return out
    module['_arrays'] = arrays
    names = {name: name for name in functions(np)}
    given, keywords = arguments(module, row['values'], {n: [(n, k) for k in range(4)] for n in names}, np, np.asarray)
    slopes = {k: functions(np)[v[0]][v[1]] for k, v in keywords.items() if isinstance(v, tuple)}
    value, derivatives = module['value_and_grad'](*given, **{**keywords, **slopes})
    # a size that is read off a side of twice as many: the line that says so
    for name, told in re.findall(r'^    (\w+) = ([^\n]*\bsizes\[[^\n]*)$', numpy_text, re.M):
        seen[name] = eval(told, {'sizes': seen})
    return {'sizes': seen, 'given': [np.asarray(g) for g in given], 'keywords': keywords,
            'shapes': [np.shape(value)] + [np.shape(d) for d in derivatives.values()], 'keys': list(derivatives)}


C_FUNCTIONS = """
#include <math.h>
double tanh_0(double x) { return tanh(x); } double tanh_1(double x) { return 1 - tanh(x) * tanh(x); }
double tanh_2(double x) { return -2 * tanh(x) * (1 - tanh(x) * tanh(x)); }
double tanh_3(double x) { double t = tanh(x); return (6 * t * t - 2) * (1 - t * t); }
double sin_0(double x) { return sin(x); } double sin_1(double x) { return cos(x); } double sin_2(double x) { return -sin(x); }
double exp_0(double x) { return exp(x); } double exp_1(double x) { return exp(x); } double exp_2(double x) { return exp(x); }
double sigmoid_0(double x) { return 1 / (1 + exp(-x)); }
double sigmoid_1(double x) { double s = sigmoid_0(x); return s * (1 - s); }
double sigmoid_2(double x) { double s = sigmoid_0(x); return s * (1 - s) * (1 - 2 * s); }
"""


def run_c(directory, text, given):
    """Compiled alone, called through ctypes."""
    import ctypes
    import numpy as np
    source, library = os.path.join(directory, 'one.c'), os.path.join(directory, 'one-%d.so' % len(os.listdir(directory)))
    with open(source, 'w', encoding='utf-8') as out:
        out.write(text + C_FUNCTIONS)
    built = subprocess.run(['gcc', '-std=c11', '-O1', '-Wall', '-Wno-unused-function', '-Wno-unused-variable', '-shared', '-fPIC', source, '-o', library, '-lm'], capture_output=True, text=True)
    if built.returncode:
        raise ValueError('gcc: ' + built.stderr[:300])
    loaded = ctypes.CDLL(library)
    signature = re.search(r'int value_and_grad\(([^{]*)\)\n', text).group(1)
    signature = re.split(r', (?![^(]*\)\()', signature)
    arguments, outputs = [], []
    arrays = iter(given['given'])
    shapes = iter(given['shapes'])
    pointer = ctypes.POINTER(ctypes.c_double)
    for parameter in signature:
        name = re.search(r'(\w+)\)?(?:\(double\))?$', parameter).group(1)
        if parameter.startswith('size_t'):
            if name not in given['sizes']:
                raise Skip('no size ' + name)
            arguments.append(ctypes.c_size_t(given['sizes'][name]))
        elif '(*' in parameter:
            name = re.search(r'\(\*(\w+)\)', parameter).group(1)
            arguments.append(getattr(loaded, '%s_%d' % given['keywords'][name]))
        elif parameter.startswith('const double *'):
            array = np.ascontiguousarray(next(arrays), dtype=float)
            outputs.append((None, array))
            arguments.append(array.ctypes.data_as(pointer))
        elif parameter.startswith('double *'):
            array = np.zeros(next(shapes))
            outputs.append((name, array))
            arguments.append(array.ctypes.data_as(pointer))
        else:
            arguments.append(ctypes.c_double(float(next(arrays))))
    status = loaded.value_and_grad(*arguments)
    if status:
        raise ValueError('the status is %d' % status)
    far = None
    if 'int check_gradient(' in text:
        compared = (ctypes.c_double * len(given['shapes']))()
        asked = [a for a, p in zip(arguments, signature) if not p.startswith('double *')]
        status = loaded.check_gradient(*asked, compared)
        far = float('nan') if status else float(np.max(np.array(compared)))
    found = [array for name, array in outputs if name is not None]
    return found[0], dict(zip(given['keys'], found[1:])), far


def run_rust(directory, texts, givens):
    """All in one program, each a module."""
    import numpy as np
    calls, modules = [], []
    for k, (text, given) in enumerate(zip(texts, givens)):
        signature = re.search(r'pub fn value_and_grad\((.*)\) -> Result<\((f64|Vec<f64>), Derivatives\)', text).group(1)
        arrays, handed = iter(given['given']), []
        for parameter in re.split(r', (?=\w+: )', signature) if signature else []:
            name, kind = parameter.split(': ', 1)
            if kind == 'usize':
                handed.append(str(given['sizes'].get(name, 0)))
            elif kind.startswith('impl'):
                handed.append('%s_%d' % given['keywords'][name])
            elif kind == 'f64':
                handed.append('%r_f64' % float(next(arrays)))
            else:
                handed.append('&[%s]' % ', '.join('%r' % float(x) for x in np.ravel(next(arrays))))
        fields = re.findall(r'    pub (\w+): (f64|Vec<f64>),', text)
        show = lambda e, kind: 'print!("{:?}", %s);' % ('[%s]' % e if kind == 'f64' else e)
        value = 'f64' if re.search(r'Result<\(f64', text) else 'Vec<f64>'
        lines = show('v', value) + ''.join(' print!("|"); ' + show('d.' + f, kind) for f, kind in fields)
        far = 'print!("|{:?}", case_%d::check_gradient(%s).unwrap().iter().map(|f| f.1).collect::<Vec<_>>());' % (k, ', '.join(handed))
        lines += far if 'pub fn check_gradient(' in text else 'print!("|[]");'
        calls.append('    match case_%d::value_and_grad(%s) { Ok((v, d)) => { %s println!(); } Err(e) => println!("!{e}") }' % (k, ', '.join(handed), lines))
        modules.append('mod case_%d {\n%s\n}\n' % (k, text))
    rust = """
fn tanh_0(x: f64) -> f64 { x.tanh() } fn tanh_1(x: f64) -> f64 { 1.0 - x.tanh().powi(2) }
fn tanh_2(x: f64) -> f64 { -2.0 * x.tanh() * (1.0 - x.tanh().powi(2)) }
fn tanh_3(x: f64) -> f64 { let t = x.tanh(); (6.0 * t * t - 2.0) * (1.0 - t * t) }
fn sin_0(x: f64) -> f64 { x.sin() } fn sin_1(x: f64) -> f64 { x.cos() } fn sin_2(x: f64) -> f64 { -x.sin() }
fn exp_0(x: f64) -> f64 { x.exp() } fn exp_1(x: f64) -> f64 { x.exp() } fn exp_2(x: f64) -> f64 { x.exp() }
fn sigmoid_0(x: f64) -> f64 { 1.0 / (1.0 + (-x).exp()) }
fn sigmoid_1(x: f64) -> f64 { let s = sigmoid_0(x); s * (1.0 - s) }
fn sigmoid_2(x: f64) -> f64 { let s = sigmoid_0(x); s * (1.0 - s) * (1.0 - 2.0 * s) }
"""
    source, program = os.path.join(directory, 'all.rs'), os.path.join(directory, 'all')
    with open(source, 'w', encoding='utf-8') as out:
        out.write('#![allow(dead_code)]\n' + ''.join(modules) + rust + 'fn main() {\n' + '\n'.join(calls) + '\n}\n')
    built = subprocess.run(['rustc', '--edition', '2021', '-A', 'warnings', '-C', 'debuginfo=0', source, '-o', program], capture_output=True, text=True)
    if built.returncode:
        raise SystemExit('rustc: ' + built.stderr[:4000])
    for line, given in zip(subprocess.run([program], capture_output=True, text=True).stdout.split('\n'), givens):
        if line.startswith('!') or not line:
            yield line or 'no line'
            continue
        *parts, far = [np.array(json.loads(re.sub(r'NaN|inf|-inf', 'NaN', part))) for part in line.split('|')]
        parts = [part.reshape(shape) for part, shape in zip(parts, given['shapes'])]
        yield parts[0], dict(zip(given['keys'], parts[1:])), float(np.max(far)) if len(far) else None


OCTAVE_FUNCTIONS = {
    'tanh': ['@tanh', '@(x) 1 - tanh(x).^2', '@(x) -2 * tanh(x) .* (1 - tanh(x).^2)', '@(x) (6 * tanh(x).^2 - 2) .* (1 - tanh(x).^2)'],
    'sin': ['@sin', '@cos', '@(x) -sin(x)'], 'exp': ['@exp'] * 4, 'cos': ['@cos', '@(x) -sin(x)'],
    'sigmoid': ['@(x) 1 ./ (1 + exp(-x))', '@(x) exp(-x) ./ (1 + exp(-x)).^2'],
}


def run_octave(directory, texts, givens):
    """One process, a directory a case."""
    import numpy as np
    script = ['format long', 'warning off']
    literal = lambda a: repr(float(a)) if a.ndim == 0 else '[%s]' % '; '.join(' '.join(repr(float(x)) for x in np.atleast_1d(r)) for r in a)
    for k, (text, given) in enumerate(zip(texts, givens)):
        os.makedirs(os.path.join(directory, 'm%d' % k))
        with open(os.path.join(directory, 'm%d' % k, 'value_and_grad.m'), 'w', encoding='utf-8') as out:
            out.write(text)
        handed = [literal(a) for a in given['given']]
        far = ', far' if 'if nargout > 2' in text else ''
        try:
            handed += [OCTAVE_FUNCTIONS[v[0]][v[1]] if isinstance(v, tuple) else str(v) for v in given['keywords'].values()]
        except (KeyError, IndexError):
            handed.append('missing')
        script.append("addpath('m%d'); clear value_and_grad; try, [v, d%s] = value_and_grad(%s); printf('%%.17g ', v); d = struct2cell(d); for k = 1:numel(d), printf('| '); printf('%%.17g ', d{k}); end; printf('| '); %s printf('\\n'); catch e, printf('!%%s\\n', strrep(e.message, \"\\n\", ' ')); end; rmpath('m%d');" % (k, far, ', '.join(handed), "printf('%.17g ', cell2mat(struct2cell(far)));" if far else '', k))
    with open(os.path.join(directory, 'run_cases.m'), 'w', encoding='utf-8') as out:
        out.write('\n'.join(script) + '\n')
    done = subprocess.run(['octave', '--no-gui', '--quiet', '--norc', 'run_cases.m'], cwd=directory, capture_output=True, text=True)
    for line, given in zip(done.stdout.split('\n'), givens):
        if '!' in line or not line:
            yield line[line.find('!'):] or done.stderr[-200:]
            continue
        *parts, far = [np.array([float(x) for x in part.split()]) for part in line.split('|')]
        parts = [part.reshape(shape[::-1]).T for part, shape in zip(parts, given['shapes'])]
        yield parts[0], dict(zip(given['keys'], parts[1:])), float(np.max(far)) if len(far) else None


def judged(np, row, answer):
    """Why an answer of a batch is wrong; None where it agrees."""
    if isinstance(answer, str):
        return answer
    value, derivatives, _ = answer
    got, swapped = result(row, derivatives)
    return compare(np, got, swapped, row['expected'])


def batch(args, cases, counts, reasons, fars):
    """Targets whose files are compiled, or run together."""
    import tempfile
    import numpy as np
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        numpy_texts = list(pool.map(lambda row: generate(args.binary, row, 'numpy'), cases))
        texts = list(pool.map(lambda row: generate(args.binary, row, args.target), cases))
    chosen = []
    for row, (numpy_text, _), (text, refusal) in zip(cases, numpy_texts, texts):
        if text is None:
            counts['refused'] += 1
            reasons.append(('refused', row['id'], refusal))
            continue
        try:
            chosen.append((row, text, prepared(row, numpy_text)))
        except Exception as e:
            counts['skipped'] += 1
            reasons.append(('skipped', row['id'], '%s: %s' % (type(e).__name__, e)))
    with tempfile.TemporaryDirectory() as directory:
        if args.target == 'c':
            def answers():
                for row, text, given in chosen:
                    try:
                        yield run_c(directory, text, given)
                    except Exception as e:
                        yield '%s: %s' % (type(e).__name__, e)
            found = answers()
        else:
            together = {'rust': run_rust, 'matlab': run_octave}[args.target]
            found = together(directory, [text for _, text, _ in chosen], [given for *_, given in chosen])
        for (row, _, _), answer in zip(chosen, found):
            try:
                reason = judged(np, row, answer)
            except Skip as e:
                counts['skipped'] += 1
                reasons.append(('skipped', row['id'], str(e)))
                continue
            kind = 'agree' if reason is None else 'failed' if isinstance(answer, str) else 'wrong'
            counts[kind] += 1
            if reason:
                reasons.append((kind, row['id'], reason))
            elif answer[2] is not None:
                fars.append((row['id'], answer[2]))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('binary')
    parser.add_argument('--cases')
    parser.add_argument('--target', default='numpy')
    parser.add_argument('--floor', type=int, default=0)
    parser.add_argument('--show', type=int, default=20)
    parser.add_argument('--every', type=int, default=1)
    parser.add_argument('--filter', default='')
    args = parser.parse_args()
    import numpy as np
    asarray, library = np.asarray, np
    if args.target == 'jax':
        import jax
        jax.config.update('jax_enable_x64', True)
        import jax.numpy as library
        asarray = library.asarray
    if args.target == 'torch':
        import torch
        torch.set_default_dtype(torch.float64)
        asarray, library = torch.as_tensor, torch
    table = functions(library)
    cases = [row for row in rows(args) if re.search(args.filter, row['id'])][::args.every]
    counts, reasons, fars = collections.Counter(), [], []
    warnings.simplefilter('ignore')
    if args.target in ('c', 'rust', 'matlab'):
        batch(args, cases, counts, reasons, fars)
        return report(args, counts, reasons, fars)
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        texts = list(pool.map(lambda row: generate(args.binary, row, args.target), cases))
    for row, (text, refusal) in zip(cases, texts):
        kind, reason = 'agree', refusal
        if text is None:
            kind = 'refused'
        else:
            try:
                reason, far = run(row, text, np, table, asarray, True)
                kind = 'wrong' if reason else 'agree'
                if far is not None:
                    fars.append((row['id'], far))
            except Skip as e:
                kind, reason = 'skipped', str(e)
            except Exception as e:
                kind, reason = 'failed', '%s: %s' % (type(e).__name__, str(e)[:200])
        counts[kind] += 1
        if reason:
            reasons.append((kind, row['id'], reason))
    report(args, counts, reasons, fars)


def report(args, counts, reasons, fars):
    order = ['wrong', 'failed', 'skipped', 'refused']
    for kind, name, reason in sorted(reasons, key=lambda r: (order.index(r[0]), r[1]))[:args.show]:
        print('  %-8s %-28s %s' % (kind, name, reason))
    off = [f for f in fars if not f[1] < 1e-5]
    print('  check_gradient of %d, beyond 1e-5 for %d: %s' % (len(fars), len(off), ', '.join('%s %.1g' % f for f in off[:8])))
    generated = sum(counts.values()) - counts['refused']
    print('%s: %d cases, %d generated, %d agree, %d refused, %d without values, %d wrong, %d failed' % (
        args.target, sum(counts.values()), generated, counts['agree'], counts['refused'], counts['skipped'], counts['wrong'], counts['failed']))
    if counts['wrong'] or counts['agree'] < args.floor:
        sys.exit('%s: wrong values, or fewer agree than the floor %d' % (args.target, args.floor))


if __name__ == '__main__':
    main()
