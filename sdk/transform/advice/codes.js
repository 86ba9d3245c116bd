import { DiagnosticCode } from "assemblyscript";

/** The compiler's errors that have advice, by short names. */
export const CODES = {
  abstractInstance: DiagnosticCode.Cannot_create_an_instance_of_an_abstract_class,
  argumentCount: DiagnosticCode.Expected_0_arguments_but_got_1,
  cast: DiagnosticCode.Conversion_from_type_0_to_1_requires_an_explicit_cast,
  expected: DiagnosticCode._0_expected,
  expression: DiagnosticCode.Expression_expected,
  fileNotFound: DiagnosticCode.File_0_not_found,
  identifier: DiagnosticCode.Identifier_expected,
  initializer: DiagnosticCode._const_declarations_must_be_initialized,
  invalidCharacter: DiagnosticCode.Invalid_character,
  noBody: DiagnosticCode.Function_implementation_is_missing_or_not_immediately_following_the_declaration,
  noCall:
    DiagnosticCode.Cannot_invoke_an_expression_whose_type_lacks_a_call_signature_Type_0_has_no_compatible_call_signatures,
  noExport: DiagnosticCode.Module_0_has_no_exported_member_1,
  noIndex: DiagnosticCode.Index_signature_is_missing_in_type_0,
  noName: DiagnosticCode.Cannot_find_name_0,
  noProperty: DiagnosticCode.Property_0_does_not_exist_on_type_1,
  noValue: DiagnosticCode.Expression_does_not_compile_to_a_value_at_runtime,
  notAssignable: DiagnosticCode.Type_0_is_not_assignable_to_type_1,
  notImplemented: DiagnosticCode.Not_implemented_0,
  numericSuffix: DiagnosticCode.An_identifier_or_keyword_cannot_immediately_follow_a_numeric_literal,
  optionalField: DiagnosticCode.Optional_properties_are_not_supported,
  optionalParameter: DiagnosticCode.Optional_parameter_must_have_an_initializer,
  overload: DiagnosticCode.This_overload_signature_is_not_compatible_with_its_implementation_signature,
  privateMember: DiagnosticCode.Property_0_is_private_in_type_1_but_not_in_type_2,
  protectedMember: DiagnosticCode.Property_0_is_protected_in_type_1_but_public_in_type_2,
  readOnly: DiagnosticCode.Cannot_assign_to_0_because_it_is_a_constant_or_a_read_only_property,
  type: DiagnosticCode.Type_expected,
  unassigned: DiagnosticCode.Variable_0_is_used_before_being_assigned,
  unexpected: DiagnosticCode.Unexpected_token,
};
