{{/* Everything that is missing, at once: what values.schema.json cannot say of values that depend on one another. */}}
{{- define "passbridge.faults" -}}
{{- $values := .Values -}}
{{- $faults := list -}}
{{- if not $values.settings.PUBLIC_URL }}{{ $faults = append $faults "settings.PUBLIC_URL: the https address people use" }}{{ end -}}
{{- if not $values.secrets.existingSecret -}}
{{- range $name := list "SESSION_SECRETS" "KRATOS_HOOK_SECRET" "DATABASE_URL" "REDIS_URL" "SMTP_URL" }}
{{- if not (get $values.secrets.values $name) }}{{ $faults = append $faults (printf "secrets.values.%s, or secrets.existingSecret" $name) }}{{ end -}}
{{- end -}}
{{- end -}}
{{- if $values.kratos.enabled -}}
{{- if $values.kratosEnvironment.create -}}
{{- range $name := list "DATABASE_URL" "SECRETS_COOKIE" "SECRETS_CIPHER" }}
{{- if not (get $values.kratosEnvironment.values $name) }}{{ $faults = append $faults (printf "kratosEnvironment.values.%s, or kratosEnvironment.create=false" $name) }}{{ end -}}
{{- end -}}
{{- if $values.secrets.existingSecret }}{{ $faults = append $faults "kratosEnvironment.create=false: Kratos' part cannot be made of secrets.existingSecret, which the chart cannot read" }}{{ end -}}
{{- end -}}
{{- else -}}
{{- range $name := list "KRATOS_PUBLIC_URL" "KRATOS_ADMIN_URL" }}
{{- if not (get $values.settings $name) }}{{ $faults = append $faults (printf "settings.%s: there is no Kratos in this release" $name) }}{{ end -}}
{{- end -}}
{{- if and $values.networkPolicy.enabled (not $values.networkPolicy.externalKratos) }}{{ $faults = append $faults "networkPolicy.externalKratos: egress rules to the Kratos elsewhere" }}{{ end -}}
{{- end -}}
{{- if not (or $values.frontend.enabled $values.settings.UPSTREAM_URL) }}{{ $faults = append $faults "settings.UPSTREAM_URL: your application, because frontend.enabled is false" }}{{ end -}}
{{- if and $values.networkPolicy.enabled $values.settings.UPSTREAM_URL (not $values.networkPolicy.upstream) }}{{ $faults = append $faults "networkPolicy.upstream: egress rules to your application, by its pods' own port" }}{{ end -}}
{{- if $faults }}{{ fail (printf "\nThe values are not complete:\n  - %s" (join "\n  - " $faults)) }}{{ end -}}
{{- end }}
