import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["**/dist/**", "build/**", "test/guests/**/index.ts", "test/guests/**/config.ts", "test/sdk/modules/**"] },
  ...tseslint.configs.strict,
  ...tseslint.configs.stylistic,
  {
    rules: {
      "no-empty-pattern": "off", // vitest reads a fixture's needs from its parameter's pattern
      "@typescript-eslint/no-confusing-void-expression": "off",
      "@typescript-eslint/array-type": "off",
    },
  },
);
