{{/* What pods of every kind share: they may be run under the restricted Pod Security Standard. */}}

{{/* {context, [uid], [pods]}: the beginning of a pod's spec */}}
{{- define "io.podSpec" -}}
{{- $pods := merge (deepCopy (.pods | default dict)) .context.Values.pods -}}
{{- $uid := .uid | default 1000 -}}
serviceAccountName: {{ include "io.fullname" .context }}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: {{ $uid }}
  runAsGroup: {{ $uid }}
  fsGroup: {{ $uid }}
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: { type: RuntimeDefault }
{{- with .context.Values.imagePullSecrets }}
imagePullSecrets: {{ toJson . }}
{{- end }}
{{- with $pods.nodeSelector }}
nodeSelector: {{ toJson . }}
{{- end }}
{{- with $pods.tolerations }}
tolerations: {{ toJson . }}
{{- end }}
{{- with $pods.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- end }}

{{/* {context, component}: over nodes, as far as there are some */}}
{{- define "io.spread" -}}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "io.selector" . | nindent 8 }}
    matchLabelKeys: [pod-template-hash]
{{- end }}

{{/* {[writable]} */}}
{{- define "io.containerSecurity" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: {{ not .writable }}
  capabilities: { drop: [ALL] }
{{- end }}

{{/* A dict of settings as a container's variables; what is empty is left to the program's own default. */}}
{{- define "io.variables" -}}
{{- range $name, $value := . }}
{{- if not (has $value (list nil "")) }}
- name: {{ $name }}
  value: {{ ternary $value (toJson $value) (kindIs "string" $value) | quote }}
{{- end }}
{{- end }}
{{- end }}
