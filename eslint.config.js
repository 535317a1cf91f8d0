import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import tseslint from 'typescript-eslint';

const SECRETISH = '/(^|_)(secret|token|signature|digest)$|(Secret|Token|Signature|Digest)$/';

/** Syntax that one part of the house alone may use; each message says where it belongs. */
const BANNED = {
  environment: {
    selector: "MemberExpression[object.name='process'][property.name='env']",
    message: 'Only src/config reads the environment: take the value from Config.',
  },
  clock: [
    {
      selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
      message: 'Only src/lib/clock.ts reads the clock: take a Clock.',
    },
    {
      selector: "NewExpression[callee.name='Date'][arguments.length=0]",
      message: 'Only src/lib/clock.ts reads the clock: take a Clock.',
    },
    {
      selector: "CallExpression[callee.object.name='performance'][callee.property.name='now']",
      message: 'Only src/lib/clock.ts reads the clock: take a Clock.',
    },
  ],
  fetch: {
    selector: "CallExpression[callee.name='fetch']",
    message:
      'Outgoing calls go through src/lib/http.ts, which limits them and keeps them out of private networks.',
  },
  console: {
    selector: "MemberExpression[object.name='console']",
    message: 'Only src/lib/log.ts writes (the command line may print): take a Log.',
  },
  secretComparison: ['left', 'right'].flatMap((side) => [
    {
      selector: `BinaryExpression[operator=/^[!=]==?$/][${side}.name=${SECRETISH}]:not([left.value=''], [right.value=''], [left.name=/^undefined$/], [right.name=/^undefined$/], [left.raw=/^(null|true|false)$/], [right.raw=/^(null|true|false)$/])`,
      message: 'Compare secrets in constant time: hash both sides, then timingSafeEqual.',
    },
    {
      selector: `BinaryExpression[operator=/^[!=]==?$/][${side}.property.name=${SECRETISH}]:not([left.value=''], [right.value=''], [left.name=/^undefined$/], [right.name=/^undefined$/], [left.raw=/^(null|true|false)$/], [right.raw=/^(null|true|false)$/])`,
      message: 'Compare secrets in constant time: hash both sides, then timingSafeEqual.',
    },
  ]),
};

const everything = [
  BANNED.environment,
  ...BANNED.clock,
  BANNED.fetch,
  BANNED.console,
  ...BANNED.secretComparison,
];
const banned = (...allowed) => ['error', ...everything.filter((rule) => !allowed.includes(rule))];

export default tseslint.config(
  {
    ignores: [
      '**/node_modules/',
      '**/build/',
      '**/.svelte-kit/',
      'coverage/',
      'data/',
      'desks/',
      'bench/results/',
      '**/*.d.{ts,mts}',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.{js,mjs,ts,svelte}'],
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-var': 'error',
      'prefer-const': 'error',
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-new-func': 'error',
      'no-control-regex': 'error',
      'no-self-compare': 'error',
      'no-template-curly-in-string': 'error',
      'no-unreachable-loop': 'error',
      'no-constant-binary-expression': 'error',
      'no-promise-executor-return': 'off',
    },
  },
  {
    files: ['**/*.mjs', '*.config.js'],
    languageOptions: { globals: globals.node },
    rules: { 'no-undef': 'error', 'no-unused-vars': 'error' },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommended],
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    // Rules that need types: the sources, not the pages (svelte-check reads those).
    files: ['src/**/*.ts', 'simulator/**/*.ts', 'test/**/*.ts', 'bench/**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-for-in-array': 'error',
      '@typescript-eslint/no-base-to-string': 'error',
      '@typescript-eslint/no-unsafe-argument': 'error',
      '@typescript-eslint/no-unsafe-assignment': 'error',
      '@typescript-eslint/no-unsafe-call': 'error',
      '@typescript-eslint/no-unsafe-return': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/prefer-promise-reject-errors': 'error',
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
    },
  },
  // Matchers such as expect.any() are of type any.
  { files: ['**/*.test.ts'], rules: { '@typescript-eslint/no-unsafe-assignment': 'off' } },
  { files: ['src/**/*.ts'], rules: { 'no-restricted-syntax': banned() } },
  { files: ['src/config/**/*.ts'], rules: { 'no-restricted-syntax': banned(BANNED.environment) } },
  { files: ['src/lib/clock.ts'], rules: { 'no-restricted-syntax': banned(...BANNED.clock) } },
  { files: ['src/cli/**/*.ts'], rules: { 'no-restricted-syntax': banned(BANNED.console) } },
  {
    // Tests drive the product from outside, and compare what they put in with what comes out.
    files: ['src/**/*.test.ts', 'src/**/fixtures/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', BANNED.environment, BANNED.console] },
  },
  {
    files: ['web/**/*.svelte', 'web/**/*.svelte.ts'],
    extends: [svelte.configs.recommended],
    languageOptions: { globals: globals.browser, parserOptions: { parser: tseslint.parser } },
    rules: { 'svelte/no-at-html-tags': 'error' },
  },
);
