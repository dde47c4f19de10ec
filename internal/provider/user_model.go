// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// userProperty is a property of a user in data sources. It is null if the API did not
// return it.
type userProperty struct {
	name, description string
	value             attr.Value
}

func userProperties(ctx context.Context, user *cloudadmin.User) []userProperty {
	return []userProperty{
		{"id", "The user's id in the tenant.", textOrNull(user.ID)},
		{"email", "Email address.", textOrNull(user.EmailAddress)},
		{"username", "Username (the API's `principalUsername`).", textOrNull(user.PrincipalUsername)},
		{"alternate_username", "Alternate username.", textOrNull(user.AlternateUsername)},
		{"first_name", "First name.", textOrNull(user.FirstName)},
		{"last_name", "Last name.", textOrNull(user.LastName)},
		{"status", "Status, usually `Enabled` or `Disabled`, as the API spells it.", textOrNull(user.UserStatus)},
		{"identity_source", "Name of the identity source that the user comes from.", textOrNull(user.IdentitySource)},
		{"creation_date", "When the user was created in the tenant, as the API writes it (ISO 8601, UTC).", textOrNull(user.CreationDate)},
		{"last_sync_time", "When the user was last synchronized from the identity source, as the API writes it (ISO 8601, UTC).", textOrNull(user.LastSyncTime)},
		{"high_risk_user", "Whether the user is on the list of high-risk users.", types.BoolPointerValue(user.HighRiskUser.Value)},
		{"mark_deleted", "Whether the user is pending deletion: marked, and deleted seven days later.", types.BoolPointerValue(user.MarkDeleted.Value)},
		{"mark_deleted_at", "When the user was marked for deletion, as the API writes it.", textOrNull(user.MarkDeletedAt)},
		{"mark_deleted_by", "Who marked the user for deletion.", textOrNull(user.MarkDeletedBy)},
		{"is_token_locked", "Whether one-time passcodes of authenticator tokens are locked.", types.BoolPointerValue(user.IsTokenLocked.Value)},
		{"is_sms_locked", "Whether SMS passcodes are locked.", types.BoolPointerValue(user.IsSMSLocked.Value)},
		{"is_voice_locked", "Whether voice passcodes are locked.", types.BoolPointerValue(user.IsVoiceLocked.Value)},
		{"is_fingerprint_locked", "Whether device biometrics are locked.", types.BoolPointerValue(user.IsFingerprintLocked.Value)},
		{"is_approve_locked", "Whether push approval is locked.", types.BoolPointerValue(user.IsApproveLocked.Value)},
		{"sms_number", "Telephone number for SMS passcodes, in tenants that use them.", textOrNull(user.SMSNumber)},
		{"voice_number", "Telephone number for voice passcodes, in tenants that use them.", textOrNull(user.VoiceNumber)},
		{"emergency_access_status", "Whether emergency access codes are `Enabled` or `Disabled`.", textOrNull(user.EmergencyAccessStatus)},
		{"offline_emergency_access_status", "Whether offline emergency access codes are `Enabled` or `Disabled`.", textOrNull(user.OfflineEmergencyAccessStatus)},
		{"month_last_authenticated", "The month in which the user last signed in, such as `Jun 2025`.", textOrNull(user.MonthLastAuthenticated)},
		{"last_successful_authentication_date", "When the user last signed in, as the API writes it.", textOrNull(user.LastSuccessfulAuthenticationDate)},
		{"last_successful_authentication_method", "How the user last signed in.", textOrNull(user.LastSuccessfulAuthenticationMethod)},
		{"primary_unique_identifier", "Identifier in the identity source, such as a distinguished name.", textOrNull(user.PrimaryUniqueIdentifier)},
		{"secondary_unique_identifier", "Second identifier in the identity source.", textOrNull(user.SecondaryUniqueIdentifier)},
		{"identity_source_specific_groups", "Groups of the identity source that the user is in.", textsOrNull(ctx, user.IdentitySourceSpecificGroups)},
		{"global_groups", "Groups of the tenant that the user is in.", textsOrNull(ctx, user.GlobalGroups)},
	}
}

// userAttributes returns the properties as computed attributes.
func userAttributes(ctx context.Context) map[string]schema.Attribute {
	attributes := map[string]schema.Attribute{}
	for _, p := range userProperties(ctx, new(cloudadmin.User)) {
		switch p.value.(type) {
		case types.Bool:
			attributes[p.name] = schema.BoolAttribute{MarkdownDescription: p.description, Computed: true}
		case types.List:
			attributes[p.name] = schema.ListAttribute{MarkdownDescription: p.description, ElementType: types.StringType, Computed: true}
		default:
			attributes[p.name] = schema.StringAttribute{MarkdownDescription: p.description, Computed: true}
		}
	}
	return attributes
}

// usersList returns users as a list of objects. (The framework's conversion of a struct
// compiles a regular expression for each field of each user.)
func usersList(ctx context.Context, users []*cloudadmin.User) types.List {
	kinds := map[string]attr.Type{}
	for _, p := range userProperties(ctx, new(cloudadmin.User)) {
		kinds[p.name] = p.value.Type(ctx)
	}
	elements := make([]attr.Value, len(users))
	for i, user := range users {
		values := make(map[string]attr.Value, len(kinds))
		for _, p := range userProperties(ctx, user) {
			values[p.name] = p.value
		}
		elements[i] = types.ObjectValueMust(kinds, values)
	}
	return types.ListValueMust(types.ObjectType{AttrTypes: kinds}, elements)
}

func textsOrNull(ctx context.Context, texts []string) types.List {
	if texts == nil {
		return types.ListNull(types.StringType)
	}
	list, _ := types.ListValueFrom(ctx, types.StringType, texts) // Strings fit a list of strings.
	return list
}
