import tseslint from "typescript-eslint";

export default tseslint.config(
  {
    ignores: [
      "**/dist/**",
      "harness/api/**", // generated
      "build/**",
      "test/guests/*/**", // AssemblyScript, which has its own compiler for a linter
      "test/fuzz/guests/**",
      "test/docs/workspace/filters/**",
      "test/harness/coverage-project/filters/**",
      "test/sdk/modules/**",
      "bench/filters/**",
      "bench/peers/**",
    ],
  },
  ...tseslint.configs.strict,
  ...tseslint.configs.stylistic,
  {
    rules: {
      "@typescript-eslint/no-confusing-void-expression": "off",
      "@typescript-eslint/array-type": "off",
    },
  },
);
