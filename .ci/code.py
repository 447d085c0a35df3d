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
    counts, reasons, far_off = collections.Counter(), [], []
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        texts = list(pool.map(lambda row: generate(args.binary, row, args.target), cases))
    warnings.simplefilter('ignore')
    for row, (text, refusal) in zip(cases, texts):
        kind, reason = 'agree', refusal
        if text is None:
            kind = 'refused'
        else:
            try:
                reason, far = run(row, text, np, table, asarray, True)
                kind = 'wrong' if reason else 'agree'
                if far is not None and not far < 1e-5:
                    far_off.append((row['id'], far))
            except Skip as e:
                kind, reason = 'skipped', str(e)
            except Exception as e:
                kind, reason = 'failed', '%s: %s' % (type(e).__name__, str(e)[:200])
        counts[kind] += 1
        if reason:
            reasons.append((kind, row['id'], reason))
    for kind, name, reason in sorted(reasons)[:args.show]:
        print('  %-8s %-28s %s' % (kind, name, reason))
    if far_off:
        print('  check_gradient is beyond 1e-5 for %d: %s' % (len(far_off), ', '.join('%s %.1g' % f for f in far_off[:8])))
    generated = sum(counts.values()) - counts['refused']
    print('%s: %d cases, %d generated, %d agree, %d refused, %d without values, %d wrong, %d failed' % (
        args.target, sum(counts.values()), generated, counts['agree'], counts['refused'], counts['skipped'], counts['wrong'], counts['failed']))
    if counts['wrong'] or counts['agree'] < args.floor:
        sys.exit('%s: wrong values, or fewer agree than the floor %d' % (args.target, args.floor))


if __name__ == '__main__':
    main()
