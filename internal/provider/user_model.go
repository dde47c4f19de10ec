// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"reflect"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// userModel is a user as data sources show one. What the API did not tell is
// null.
type userModel struct {
	ID                           types.String `tfsdk:"id"`
	Email                        types.String `tfsdk:"email"`
	Username                     types.String `tfsdk:"username"`
	AlternateUsername            types.String `tfsdk:"alternate_username"`
	FirstName                    types.String `tfsdk:"first_name"`
	LastName                     types.String `tfsdk:"last_name"`
	Status                       types.String `tfsdk:"status"`
	IdentitySource               types.String `tfsdk:"identity_source"`
	CreationDate                 types.String `tfsdk:"creation_date"`
	LastSyncTime                 types.String `tfsdk:"last_sync_time"`
	HighRiskUser                 types.Bool   `tfsdk:"high_risk_user"`
	MarkDeleted                  types.Bool   `tfsdk:"mark_deleted"`
	MarkDeletedAt                types.String `tfsdk:"mark_deleted_at"`
	MarkDeletedBy                types.String `tfsdk:"mark_deleted_by"`
	IsTokenLocked                types.Bool   `tfsdk:"is_token_locked"`
	IsSMSLocked                  types.Bool   `tfsdk:"is_sms_locked"`
	IsVoiceLocked                types.Bool   `tfsdk:"is_voice_locked"`
	IsFingerprintLocked          types.Bool   `tfsdk:"is_fingerprint_locked"`
	IsApproveLocked              types.Bool   `tfsdk:"is_approve_locked"`
	SMSNumber                    types.String `tfsdk:"sms_number"`
	VoiceNumber                  types.String `tfsdk:"voice_number"`
	EmergencyAccessStatus        types.String `tfsdk:"emergency_access_status"`
	OfflineEmergencyAccessStatus types.String `tfsdk:"offline_emergency_access_status"`
	MonthLastAuthenticated       types.String `tfsdk:"month_last_authenticated"`
	LastSuccessfulAuthDate       types.String `tfsdk:"last_successful_authentication_date"`
	LastSuccessfulAuthMethod     types.String `tfsdk:"last_successful_authentication_method"`
	PrimaryUniqueIdentifier      types.String `tfsdk:"primary_unique_identifier"`
	SecondaryUniqueIdentifier    types.String `tfsdk:"secondary_unique_identifier"`
	IdentitySourceSpecificGroups types.List   `tfsdk:"identity_source_specific_groups"`
	GlobalGroups                 types.List   `tfsdk:"global_groups"`
}

func newUserModel(ctx context.Context, user *cloudadmin.User) userModel {
	return userModel{
		ID:                           textOrNull(user.ID),
		Email:                        textOrNull(user.EmailAddress),
		Username:                     textOrNull(user.PrincipalUsername),
		AlternateUsername:            textOrNull(user.AlternateUsername),
		FirstName:                    textOrNull(user.FirstName),
		LastName:                     textOrNull(user.LastName),
		Status:                       textOrNull(user.UserStatus),
		IdentitySource:               textOrNull(user.IdentitySource),
		CreationDate:                 textOrNull(user.CreationDate),
		LastSyncTime:                 textOrNull(user.LastSyncTime),
		HighRiskUser:                 types.BoolPointerValue(user.HighRiskUser.Value),
		MarkDeleted:                  types.BoolPointerValue(user.MarkDeleted.Value),
		MarkDeletedAt:                textOrNull(user.MarkDeletedAt),
		MarkDeletedBy:                textOrNull(user.MarkDeletedBy),
		IsTokenLocked:                types.BoolPointerValue(user.IsTokenLocked.Value),
		IsSMSLocked:                  types.BoolPointerValue(user.IsSMSLocked.Value),
		IsVoiceLocked:                types.BoolPointerValue(user.IsVoiceLocked.Value),
		IsFingerprintLocked:          types.BoolPointerValue(user.IsFingerprintLocked.Value),
		IsApproveLocked:              types.BoolPointerValue(user.IsApproveLocked.Value),
		SMSNumber:                    textOrNull(user.SMSNumber),
		VoiceNumber:                  textOrNull(user.VoiceNumber),
		EmergencyAccessStatus:        textOrNull(user.EmergencyAccessStatus),
		OfflineEmergencyAccessStatus: textOrNull(user.OfflineEmergencyAccessStatus),
		MonthLastAuthenticated:       textOrNull(user.MonthLastAuthenticated),
		LastSuccessfulAuthDate:       textOrNull(user.LastSuccessfulAuthenticationDate),
		LastSuccessfulAuthMethod:     textOrNull(user.LastSuccessfulAuthenticationMethod),
		PrimaryUniqueIdentifier:      textOrNull(user.PrimaryUniqueIdentifier),
		SecondaryUniqueIdentifier:    textOrNull(user.SecondaryUniqueIdentifier),
		IdentitySourceSpecificGroups: textsOrNull(ctx, user.IdentitySourceSpecificGroups),
		GlobalGroups:                 textsOrNull(ctx, user.GlobalGroups),
	}
}

// usersList are users as a list of objects. (The framework's own conversion of a
// struct compiles a regular expression for each field of each user.)
func usersList(ctx context.Context, users []*cloudadmin.User) types.List {
	fields := reflect.TypeFor[userModel]()
	names, kinds := make([]string, fields.NumField()), make(map[string]attr.Type, fields.NumField())
	values := func(user *cloudadmin.User) map[string]attr.Value {
		model := reflect.ValueOf(newUserModel(ctx, user))
		values := make(map[string]attr.Value, len(names))
		for i, name := range names {
			values[name], _ = model.Field(i).Interface().(attr.Value) // All fields are.
		}
		return values
	}
	for i := range names {
		names[i] = fields.Field(i).Tag.Get("tfsdk")
	}
	for name, value := range values(new(cloudadmin.User)) {
		kinds[name] = value.Type(ctx)
	}
	elements := make([]attr.Value, len(users))
	for i, user := range users {
		elements[i] = types.ObjectValueMust(kinds, values(user))
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

// userAttributes are the attributes of userModel that nobody configures.
func userAttributes() map[string]schema.Attribute {
	text := func(description string) schema.Attribute {
		return schema.StringAttribute{MarkdownDescription: description, Computed: true}
	}
	flag := func(description string) schema.Attribute {
		return schema.BoolAttribute{MarkdownDescription: description, Computed: true}
	}
	texts := func(description string) schema.Attribute {
		return schema.ListAttribute{MarkdownDescription: description, ElementType: types.StringType, Computed: true}
	}
	return map[string]schema.Attribute{
		"id":                                    text("The user's id in the tenant."),
		"alternate_username":                    text("Alternate username."),
		"first_name":                            text("First name."),
		"last_name":                             text("Last name."),
		"status":                                text("Status, usually `Enabled` or `Disabled`, as the API spells it."),
		"identity_source":                       text("Name of the identity source that the user comes from."),
		"creation_date":                         text("When the user was created in the tenant, as the API writes it (ISO 8601, UTC)."),
		"last_sync_time":                        text("When the user was last synchronized from the identity source, as the API writes it (ISO 8601, UTC)."),
		"high_risk_user":                        flag("Whether the user is on the list of high-risk users."),
		"mark_deleted":                          flag("Whether the user is pending deletion: marked, and deleted seven days later."),
		"mark_deleted_at":                       text("When the user was marked for deletion, as the API writes it."),
		"mark_deleted_by":                       text("Who marked the user for deletion."),
		"is_token_locked":                       flag("Whether one-time passcodes of authenticator tokens are locked."),
		"is_sms_locked":                         flag("Whether SMS passcodes are locked."),
		"is_voice_locked":                       flag("Whether voice passcodes are locked."),
		"is_fingerprint_locked":                 flag("Whether device biometrics are locked."),
		"is_approve_locked":                     flag("Whether push approval is locked."),
		"sms_number":                            text("Telephone number for SMS passcodes, in tenants that use them."),
		"voice_number":                          text("Telephone number for voice passcodes, in tenants that use them."),
		"emergency_access_status":               text("Whether emergency access codes are `Enabled` or `Disabled`."),
		"offline_emergency_access_status":       text("Whether offline emergency access codes are `Enabled` or `Disabled`."),
		"month_last_authenticated":              text("The month in which the user last signed in, such as `Jun 2025`."),
		"last_successful_authentication_date":   text("When the user last signed in, as the API writes it."),
		"last_successful_authentication_method": text("How the user last signed in."),
		"primary_unique_identifier":             text("Identifier in the identity source, such as a distinguished name."),
		"secondary_unique_identifier":           text("Second identifier in the identity source."),
		"identity_source_specific_groups":       texts("Groups of the identity source that the user is in."),
		"global_groups":                         texts("Groups of the tenant that the user is in."),
	}
}
