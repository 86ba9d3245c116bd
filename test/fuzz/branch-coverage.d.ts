export declare const notesAt: number;
declare const BranchCoverage: { branches: readonly string[] };
export default BranchCoverage;
