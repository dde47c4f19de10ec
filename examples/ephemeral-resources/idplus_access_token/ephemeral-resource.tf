# A script that uses the API for something that this provider does not do.
ephemeral "idplus_access_token" "script" {}

resource "terraform_data" "report" {
  triggers_replace = plantimestamp()

  provisioner "local-exec" {
    command = "./download-report.sh"
    environment = {
      IDPLUS_ACCESS_TOKEN = ephemeral.idplus_access_token.script.access_token
    }
  }
}
