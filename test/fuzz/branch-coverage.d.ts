export declare const notesAt: number;
export declare const plantedAt: number;
declare const BranchCoverage: { branches: readonly string[] };
export default BranchCoverage;
